/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CODEOWNERS, as GitHub and as GitLab read it: which lines own a path, and which lines do nothing.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdbool.h>

/* GitHub reads no larger file. */
#define OWNERS_GITHUB_SIZE_MAX (3u << 20)
#define OWNERS_RULES_MAX 20000
#define OWNERS_SEGMENTS_MAX 64
#define OWNERS_LINE_MAX 4096
#define OWNERS_SECTIONS_MAX 500
#define OWNERS_PLACES 3

enum owners_dialect { OWNERS_GITHUB, OWNERS_GITLAB };

struct owners_list {
	const char **items; /* "@name", "@group/team", "someone@example.org", "@@role" */
	size_t count;
};

struct owners_rule {
	struct assay_span segments[OWNERS_SEGMENTS_MAX + 2]; /* of the pattern; "**" stands for any folders */
	size_t segment_count;
	bool below;      /* what lies below a folder that matches is matched too */
	bool excludes;   /* GitLab: takes what it matches out of its section */
	struct owners_list owners; /* after a section's defaults; none: nobody owns what it matches */
	const char *pattern;
	size_t section;
	size_t index;    /* in the file's rules */
	unsigned line;
};

/* GitHub has one, without a name. */
struct owners_section {
	const char *name;
	bool optional;       /* "^[Name]": asks, demands nothing */
	struct owners_list owners; /* of lines that name none */
	unsigned line;
};

/* A line that the forge passes over, or that this version can't read. */
struct owners_problem {
	unsigned line;
	const char *what;
	bool unread; /* the forge may read it; this version doesn't */
};

struct owners_file {
	enum owners_dialect dialect;
	struct owners_section *sections;
	size_t section_count;
	const struct owners_rule **rules; /* in the order of the file */
	size_t rule_count;
	struct owners_problem *problems;
	size_t problem_count;
};

/* Where the forge looks, first come first served. */
extern const char *const owners_places[2][OWNERS_PLACES];

/* Errors: ASSAY_E_LIMIT alone; whatever a line says, it is a rule, a comment or a problem. */
ASSAY_MUST_USE enum assay_status owners_parse(struct assay_span bytes, enum owners_dialect dialect,
    struct arena *arena, struct owners_file *ret_file, struct assay_error *err);
bool owners_matches(const struct owners_rule *rule, const char *path);
/* The line of this section that decides on path, or NULL: none matches, or one takes it out. */
const struct owners_rule *owners_decides(const struct owners_file *f, size_t section, const char *path);
const char *owners_dialect_name(enum owners_dialect d); /* "GitHub" */
