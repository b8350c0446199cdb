/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay/reviews/NAME.yaml: a security review of a change or of whole files: what was looked at, bound to the very bytes, and the five
 * points as questions with answers. Reviewers sign it (assay-signoff(5), act review). Format: assay-review(5).
 */
#pragma once

#include <base/arena.h>
#include <base/buf.h>
#include <codec/gitobj.h>
#include <codec/yaml.h>

#define REVIEW_VERSION 1
#define REVIEW_FOLDER "assay/reviews/"
#define REVIEW_SUFFIX ".yaml"
#define REVIEW_FILES_MAX 5000
#define REVIEW_INTERFACES_MAX 5000
#define REVIEW_QUESTIONS_MAX 5000
#define REVIEW_PATH_MAX 4096
/* Of a reason or an answer: fewer words say nothing that the question hasn't said. */
#define REVIEW_WORDS_LEAST 3
/* So many answers in the same words, when they are more than half of all, are one answer. */
#define REVIEW_ALIKE_LEAST 3

enum review_point {
	REVIEW_REQUIREMENTS, /* (a) security requirements that aren't met */
	REVIEW_STANDARD,     /* (b) the coding standard and deviations from it */
	REVIEW_ANALYSIS,     /* (c) what analysis found */
	REVIEW_TRACE,        /* (d) traceability to security capabilities */
	REVIEW_THREATS,      /* (e) threats at interfaces, boundaries and assets */
};
#define REVIEW_POINTS 5

struct review_file {
	const char *path;
	const char *moved_from; /* where it lay at the base; NULL: at path */
	bool has_blob;          /* false: the change takes it away */
	struct oid blob;        /* what the reviewer had before them */
	bool has_was;           /* false: all of it was looked at */
	struct oid was;         /* at the base: what changed since was looked at */
	unsigned line;
};

/* A place where something comes in from outside, or goes out. */
struct review_interface {
	const char *file;
	const char *function; /* NULL: outside of any */
	const char *call;     /* "recv" */
	const char *kind;     /* "socket" */
	uint32_t at;          /* line in the file */
};

struct review_question {
	enum review_point point;
	const char *about;         /* a file's path; NULL: the change as a whole */
	const char *ask;
	bool answered;
	const char *none;          /* nothing to say, for this reason; or NULL */
	struct yaml_strings found; /* ids of findings or problems */
	const char *text;          /* or NULL */
	unsigned line;
};

struct review {
	const char *subject;    /* one sentence: what the change is */
	bool has_base;          /* false: whole files, and no change */
	struct oid base, head;
	struct oid tree;        /* head's */
	struct review_file *files;
	size_t file_count;
	struct yaml_strings owners, findings, deviations;
	struct review_interface *interfaces;
	size_t interface_count;
	struct review_question *questions;
	size_t question_count;
	unsigned tree_line, range_line;
};

/*
 * Errors beyond the format's: ids that aren't all of the repository's algorithm; a path that isn't one in the repository, or
 * stands twice; a file that neither was nor is; one that moved without having been; "none" beside another answer.
 */
ASSAY_MUST_USE enum assay_status review_parse(struct assay_span yaml, const char *name, enum oid_algo algo,
    struct arena *arena, struct review *ret_review, struct assay_error *err);
/* As review_parse() reads it; questions without an answer have an empty one. */
ASSAY_MUST_USE enum assay_status review_write(const struct review *r, enum oid_algo algo, struct buf *out,
    struct assay_error *err);
/* Whether a file of this path is such a record. */
bool review_is_record(const char *path);
char review_point_letter(enum review_point point);      /* 'a' */
const char *review_point_name(enum review_point point); /* "security requirements that aren't met" */

/* ---- what an answer lacks: src/policy/review_answer.c ---- */

enum review_flaw {
	REVIEW_SOUND,
	REVIEW_UNANSWERED,
	REVIEW_EMPTY_WORDS, /* a word that stands for an answer still to come, or for none at all */
	REVIEW_SHORT,       /* fewer than REVIEW_WORDS_LEAST words */
	REVIEW_COPIED,      /* the question's own words */
};
enum review_flaw review_answer_flaw(const struct review_question *q);
/* In words, after "the answer": "is still open". */
const char *review_flaw_words(enum review_flaw flaw);

/* What the questions don't ask. */
struct review_gaps {
	bool point[REVIEW_POINTS];    /* no question of that point */
	const struct review_file *file;           /* no question of point (e) about it; the first, or NULL */
	const struct review_interface *interface; /* no question of point (e) about its file names it; the first, or NULL */
	size_t none;      /* answers of "none" */
	size_t answered;
	size_t alike;     /* most answers in the same words */
};
/* In time questions × (files + interfaces) at worst. ASSAY_E_MEMORY alone. */
ASSAY_MUST_USE enum assay_status review_gaps(const struct review *r, struct arena *arena, struct review_gaps *ret_gaps,
    struct assay_error *err);
/* Whether so many alike say nothing. */
bool review_is_bulk(const struct review_gaps *g);
