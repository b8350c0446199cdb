/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules over C and C++: patterns with holes, and checks by name for what no pattern can say. Rules are data, in assay-rules(5); each
 * carries bad and good code of its own, and one that doesn't report its bad code, or reports its good code, judges nothing.
 */
#pragma once

#include <code/parse.h>
#include <codec/yaml.h>

#define RULES_VERSION 1
/* Most rules, and most patterns and names of one rule. */
#define RULES_MAX 2000
#define RULE_PATTERNS_MAX 64
#define RULE_NAMES_MAX 512
/* Most reports of one file; beyond it overflow counts. */
#define CODE_REPORTS_MAX 20000

enum rule_severity { RULE_LOW, RULE_MEDIUM, RULE_HIGH };
/* Where patterns are looked for. */
enum rule_scope {
	RULE_IN_CODE,  /* in functions, as the compiler sees them: macros of the file expanded */
	RULE_IN_FILE,  /* everywhere in the file, so */
	RULE_IN_MACRO, /* in what stands behind a #define */
};

struct rule_pattern; /* compiled */

struct rule_patterns {
	struct rule_pattern *items;
	size_t count;
};

struct code_check; /* a check by name */

/* What a hole has to be, beside an expression. */
struct rule_where {
	const char *hole; /* "$x" */
	size_t is;        /* enum rule_is */
	const char *like; /* a pattern as of file names over its spelling, quotes included; NULL */
	uint32_t line;
};

struct code_rule {
	const char *id;
	struct yaml_strings serves; /* rules of standards: "ENV33-C" */
	size_t severity;            /* enum rule_severity */
	const char *message, *next;
	size_t scope;               /* enum rule_scope */
	struct rule_patterns match; /* any of them */
	struct rule_patterns unless;          /* and none of these in the same function (or file, outside functions) */
	struct rule_patterns not_before, before; /* in the same function, earlier: none of these; one of these */
	struct rule_patterns not_after, after;   /* later */
	struct rule_where *where;
	size_t where_count;
	size_t inside, not_inside;  /* enum rule_place; 0 for none */
	const struct code_check *uses; /* instead of match; NULL */
	struct yaml_strings names;  /* functions that a check looks for */
	struct yaml_strings with;   /* only in files that call one of these; empty: in all */
	struct yaml_strings bad, good; /* code; lines of bad code to report end in a comment "fault" */
	const char *file;           /* where it stands */
	unsigned line;
	const char *fault;          /* why it judges nothing, once code_rules_prove() asked; NULL when it judges */
	uint32_t *name_ids, *with_ids;
};

struct code_rules {
	struct code_rule *items;
	size_t count;
	struct arena *arena;
	const char **words; /* numbers of names that patterns and checks ask for */
	uint32_t word_count, word_room;
	bool sealed;        /* no more rules: units are read by its words */
};

struct code_report {
	const struct code_rule *rule;
	uint32_t line, column;
	const char *message;
	const char *symbol; /* the function, or NULL */
};

struct code_reports {
	struct code_report *items; /* by line, column, rule */
	size_t count, room;
	size_t overflow;     /* reports beyond the cap */
	uint32_t unread;     /* pieces of code that no rule saw */
	uint32_t unexpanded; /* uses of macros left as they are */
	uint32_t branches;   /* left out by #if 0 */
	uint32_t unclear;    /* invalid bytes, literals without an end, brackets without a partner, trigraphs, lone returns */
	uint32_t functions, lines;
	const char *foreign; /* a file that it takes in by a name that isn't one of code: nobody looks at that; NULL */
	uint32_t foreign_line;
};

/* Empty rules, whose memory is the arena's. */
void code_rules_init(struct code_rules *r, struct arena *arena);
/* Adds the rules of a file. An id that is there already is an error. */
ASSAY_MUST_USE enum assay_status code_rules_add(struct code_rules *r, struct assay_span yaml, const char *name, struct assay_error *err);
/* Adds the rules that are built in. */
ASSAY_MUST_USE enum assay_status code_rules_add_shipped(struct code_rules *r, struct assay_error *err);
/* Has each rule judge its own code, and sets fault where that fails. */
ASSAY_MUST_USE enum assay_status code_rules_prove(struct code_rules *r, struct assay_error *err);
/* The rule, or NULL. */
const struct code_rule *code_rule_find(const struct code_rules *r, const char *id);

/*
 * Judges one file. Pure: the same bytes give the same reports. Rules with a fault report nothing. A file over a cap of the lexer is
 * ASSAY_E_LIMIT. The path decides the language.
 */
ASSAY_MUST_USE enum assay_status code_check(const struct code_rules *r, struct assay_span bytes, const char *path, struct arena *arena,
    struct code_reports *ret_reports, struct assay_error *err);
/* Pieces of a file that its rules didn't see: silence about it means something when there are none. */
uint64_t code_unseen(const struct code_reports *o);
