/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay/standard.yaml: which coding standards a maker follows, how each of their rules is enforced, and how the code is analysed.
 * Reading is pure and knows no catalogue: whether a rule, a standard or a check exists is for std.declared to judge.
 * assay-standard(5) has the format.
 */
#pragma once

#include <base/arena.h>
#include <codec/yaml.h>
#include <sca/options.h>
#include <sca/standard.h>
#include <stdbool.h>
#include <stdint.h>

#define PLAN_VERSION 1
#define PLAN_PATH "assay/standard.yaml"
/* A standard of the maker's own: its rules are those that the plan lists. */
#define PLAN_OWN "own"
#define PLAN_STANDARDS_MAX 20
#define PLAN_RULES_MAX 2000
#define PLAN_CHECKS_MAX 60
#define PLAN_LANGUAGES_MAX 30
#define PLAN_EXCLUDES_MAX 500
#define PLAN_NOT_BUILT_MAX 500
#define PLAN_PATHS_MAX 500
#define PLAN_CHECK_LENGTH_MAX 200
#define PLAN_PATH_LENGTH_MAX 1024
/* Analysers that are run elsewhere, by the name under which their report is imported: "import:NAME/CHECK". */
#define PLAN_IMPORT "import:"

/* "ENGINE/CHECK" or "ENGINE/CHECK#PART", cut at the first '/' and the last '#'. */
struct plan_check {
	const char *text;   /* "gcc/-Wanalyzer-use-after-free", "clang/unix.Malloc#leak" */
	const char *whole;  /* without the part */
	const char *engine; /* "gcc", "import:codeql" */
	const char *name;   /* "-Wanalyzer-use-after-free", "unix.Malloc" */
	const char *part;   /* of what it reports: "leak"; NULL: all */
	unsigned line, column;
};

/*
 * How one rule is enforced. checks and review may stand together: the review is for what the checks leave open.
 * not_applicable stands alone. All three absent is a blank row.
 */
struct plan_row {
	const char *rule; /* "ARR30-C" */
	const struct plan_check *checks;
	size_t check_count;
	const char *review;         /* the question; NULL */
	const char *not_applicable; /* the reason; NULL */
	enum standard_category category; /* recategorised to; CATEGORY_NOT_GIVEN: as the standard has it */
	const char *title;               /* of a rule of one's own; NULL */
	enum standard_severity severity; /* of a rule of one's own; SEVERITY_NOT_GIVEN */
	unsigned line, column;
};

struct plan_standard {
	const char *id; /* of the catalogue, or PLAN_OWN */
	struct yaml_strings languages; /* names of sca/language.h */
	const char *version;           /* the edition that the maker follows; NULL */
	int64_t approved, review_by;   /* midnight of the day; WHEN_MIN: not given */
	const struct plan_row *rows;   /* in the order of the file; no rule twice */
	size_t count;
	unsigned line, column;
};

/* Where compile commands come from. */
enum plan_units {
	PLAN_UNITS_FILES, /* each .c file alone: the default */
	PLAN_UNITS_DATABASE,
	PLAN_UNITS_CMAKE,
	PLAN_UNITS_MESON,
	PLAN_UNITS_BEAR,
};

/* Left out, with why. */
struct plan_exclude {
	const char *what; /* of excludes: a pattern as text_match() has it; with a '/' at its end, all below. Of not_built: a macro's name */
	const char *reason;
	unsigned line, column;
};

/* The paths are of the repository: relative, without "." or ".." or an empty part. */
struct plan_analysis {
	enum plan_units units;
	enum sca_effort effort;      /* how far engines go */
	const char *database;        /* NULL: not given; always given with PLAN_UNITS_DATABASE */
	struct yaml_strings engines; /* names of plan_engines; count 0: all that the rows name */
	const struct plan_exclude *excludes;
	size_t exclude_count;
	const struct plan_exclude *not_built; /* macros by which branches of #if are left out of every build of the product */
	size_t not_built_count;
	enum standard_severity threshold; /* open findings from here on are gaps; SEVERITY_MEDIUM unless given */
	struct yaml_strings security_relevant; /* patterns as in plan_exclude */
	unsigned line, column;                 /* 0: there is no such block */
};

struct plan {
	const struct plan_standard *standards; /* no id twice */
	size_t count;
	struct plan_analysis analysis;
};

/* Engines that this program can run, the own one among them, ended by NULL: gcc, clang, clang-tidy, cppcheck, flawfinder, assay. */
extern const char *const plan_engines[];
/* One of plan_engines. */
bool plan_engine_known(const char *engine);
/* "import:NAME" with a name. */
bool plan_engine_imported(const char *engine);

/* name stands in errors, each with its line and column. */
ASSAY_MUST_USE enum assay_status plan_parse(struct assay_span yaml, const char *name, struct arena *arena,
    struct plan *ret_plan, struct assay_error *err);
/* All that its rows name, "ENGINE/CHECK", in their order: one that several rows name several times. */
ASSAY_MUST_USE enum assay_status plan_checks(const struct plan *p, struct arena *arena, const char *const **ret_checks, size_t *ret_count,
    struct assay_error *err);
/* Whether what an engine reported, under this name and in these words, is what the check is to report. */
bool plan_check_reports(const struct plan_check *check, const char *engine, const char *reported, const char *message);
/* Whether there is such a part; *ret_parts: those that there are, with commas, NULL without memory. */
bool plan_check_has_part(const struct plan_check *check, struct arena *arena, const char **ret_parts);
/* Whether a row has a check of this engine. */
bool plan_row_needs(const struct plan_row *row, const char *engine);
/* Whether the block "analysis" lets an engine run: it lists it, or lists none. */
bool plan_lets_run(const struct plan_analysis *a, const char *engine);
/* NULL: the plan has none. */
const struct plan_standard *plan_standard(const struct plan *p, const char *id);
const struct plan_row *plan_row(const struct plan_standard *s, const char *rule);
/* The row of the plan that names this check, from *cursor (0 at first) on; NULL: no more. *ret_standard is whose row it is. */
const struct plan_row *plan_next_row(const struct plan *p, const char *engine, const char *check, size_t *cursor,
    const struct plan_standard **ret_standard);
/* Whether a path of the tree falls under a pattern of excludes or security_relevant. */
bool plan_path_under(const char *pattern, const char *path);
/* Steps that plan_excludes() takes at most, for each byte of a path: whoever asks of many paths sets an end to them all. */
uint64_t plan_excludes_cost(const struct plan_analysis *a);
/* The entry that excludes it; NULL: none does. */
const struct plan_exclude *plan_excludes(const struct plan_analysis *a, const char *path);
/* Whether the plan says that what this macro stands before isn't built. */
bool plan_not_built(const struct plan_analysis *a, const char *macro);

/* The plan that is built in: catalog/standards/cert-c-plan.yaml, as it is written. */
struct assay_span plan_shipped(void);
const char *plan_units_name(enum plan_units u);
