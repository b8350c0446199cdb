/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What 'assay init' sees in a repository, and the files it proposes out of that.
 */
#pragma once

#include <base/buf.h>
#include <evidence/history.h>
#include <policy/roster.h>
#include <probe/repository.h>

#define SURVEY_PEOPLE_MAX 2000
#define SURVEY_FOUND_MAX 200
#define SURVEY_LANGUAGES_MAX 64

/* Somebody who commits, by email; the keys are those their commits are signed with. */
struct survey_person {
	struct assay_span email;
	const char *id;
	uint32_t commits;
	uint32_t group; /* addresses that one key signed for are one group, and one person */
	uint32_t *keys; /* indices into history's keys; all of a group's stand with its first address */
	uint32_t key_count;
};

/* A file that says something about how this project is made. */
struct survey_found {
	const char *what; /* "pipeline", "lock file", "key file", "owners" */
	const char *path;
};

struct survey {
	struct survey_person *people;
	size_t person_count;
	bool people_cut;
	int64_t *first_use; /* of each of history's keys: the earliest claim */
	struct survey_found found[SURVEY_FOUND_MAX];
	size_t found_count;
	struct survey_found languages[SURVEY_LANGUAGES_MAX]; /* each once, with the first file of it */
	size_t language_count;
	const char *unseen; /* why the history wasn't read whole; NULL: it was */
	uint32_t commits, unsigned_commits, foreign_signatures, unsigned_tags;
};

ASSAY_MUST_USE enum assay_status survey_history(const struct history *h, struct arena *arena,
    struct survey *s, struct assay_error *err);
/* Looks at names in the work tree alone, three folders deep; opens no file. */
ASSAY_MUST_USE enum assay_status survey_files(const struct repository *r, struct arena *arena,
    struct survey *s, struct assay_error *err);
void survey_policy(const struct survey *s, const struct history *h, const char *repository_id,
    struct buf *out);
void survey_roster(const struct survey *s, const struct history *h, struct buf *out);
/* The people of the proposed roster, who commit, with a right to write; nothing of it is reviewed. */
void survey_access(const struct survey *s, const struct history *h, const struct roster *r, struct buf *out);
/* Criteria to start from, and an example. */
void survey_risks(struct buf *out);
/* The shipped plan for what is installed here; nothing where there is no C or C++. */
ASSAY_MUST_USE enum assay_status survey_standard(const struct survey *s, struct arena *arena, struct buf *out,
    struct assay_error *err);
/* What is written into assay/, in this order; the last one only where there is something to write. */
#define SURVEY_FILES 5
extern const char *const survey_files_written[SURVEY_FILES];
/* written: how many of them. */
void survey_text(const struct survey *s, size_t written, struct buf *out);
void survey_json(const struct survey *s, size_t written, struct buf *out);
