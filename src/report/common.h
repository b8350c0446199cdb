/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the writers share: order, groups and words.
 */
#pragma once

#include <base/arena.h>
#include <base/buf.h>
#include <judge/judge.h>

/* Memory that one report may use beside its output. */
#define REPORT_ARENA_MAX (64u << 20)
/* Digits of an object's id that are shown where room is short. */
#define REPORT_SHORT_ID 12

#ifndef ASSAY_VERSION
#define ASSAY_VERSION "unknown"
#endif

/* The catalogue's words for what this version has no function for. */
#define REPORT_NOT_JUDGED "not judged by this version"
#define REPORT_NO_ROOT "no trust root yet"

/* Findings of one kind, in the judge's order. */
struct report_group {
	const char *id;
	const struct finding **findings;
	size_t count; /* kept */
	size_t total; /* found */
	bool gap;
};

struct report_groups {
	struct report_group *items;
	size_t count;
};

/* All controls: the judged ones first, by verdict (fail first), weight (major first), place in the catalogue. */
ASSAY_MUST_USE enum assay_status report_order(const struct verdicts *v, struct arena *arena,
    const struct control_verdict ***ret_rows, struct assay_error *err);
/* A control's findings by kind: gaps first, then by the kind's name. */
ASSAY_MUST_USE enum assay_status report_group(const struct control_verdict *c, struct arena *arena,
    struct report_groups *ret_groups, struct assay_error *err);

/* "unsigned-commit" as "unsigned commit". Appended. */
void report_kind_words(struct buf *out, const char *id);
/* Length of what is shown of an object: REPORT_SHORT_ID for a hex id of 40 or 64 digits, else all. */
size_t report_short_len(const char *object);
/* "recomputed", "attested", "on the maker's word". */
const char *report_source_words(enum grade_source s);
/* Verdict, or "not-judged": one word for style sheets and filters. */
const char *report_state(const struct control_verdict *c);
/* Controls of clause (NULL: of all) with this verdict that were judged. */
size_t report_tally(const struct verdicts *v, const struct clause *clause, enum verdict verdict);
/* Controls of clause (NULL: of all) that this version can't judge. */
size_t report_not_judged(const struct verdicts *v, const struct clause *clause);
/* One sentence over all clauses: "gaps in 2 of 7 controls judged; 3 unknown, 60 not judged by this version". */
void report_summary(struct buf *out, const struct verdicts *v);
/* "only repo.signed was asked for; 74 controls were not", or nothing when everything was. */
void report_scope(struct buf *out, const struct verdicts *v);

/* Rows of a crosswalk in the order shown. */
struct report_crosswalk_row {
	const char *key;   /* "iec-62304" */
	const char *label; /* "IEC 62304" */
	size_t offset;     /* of the struct yaml_strings */
};
#define REPORT_CROSSWALK_ROWS 6
extern const struct report_crosswalk_row report_crosswalk_rows[REPORT_CROSSWALK_ROWS];
const struct yaml_strings *report_crosswalk(const struct crosswalk *c, size_t row);
