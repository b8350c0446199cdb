/* SPDX-License-Identifier: Apache-2.0 */
#include "common.h"

const struct report_crosswalk_row report_crosswalk_rows[REPORT_CROSSWALK_ROWS] = {
	{ "iec-62304", "IEC 62304", offsetof(struct crosswalk, iec62304) },
	{ "iec-62443-4-1", "IEC 62443-4-1", offsetof(struct crosswalk, iec62443_4_1) },
	{ "ssdf", "NIST SSDF", offsetof(struct crosswalk, ssdf) },
	{ "slsa", "SLSA", offsetof(struct crosswalk, slsa) },
	{ "fda", "FDA", offsetof(struct crosswalk, fda) },
	{ "mdr", "MDR", offsetof(struct crosswalk, mdr) },
};

const struct yaml_strings *
report_crosswalk(const struct crosswalk *c, size_t row)
{
	return (const struct yaml_strings *)(const void *)((const char *)c +
	    report_crosswalk_rows[row].offset);
}

static int
compare_numbers(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int
compare_controls(const void *left, const void *right)
{
	const struct control_verdict *a = *(const struct control_verdict *const *)left;
	const struct control_verdict *b = *(const struct control_verdict *const *)right;
	if (a->judged != b->judged)
		return a->judged ? -1 : 1;
	if (a->verdict != b->verdict)
		return a->verdict > b->verdict ? -1 : 1;
	if (a->control->weight != b->control->weight)
		return a->control->weight > b->control->weight ? -1 : 1;
	if (a->control->index != b->control->index)
		return compare_numbers(a->control->index, b->control->index);
	return compare_numbers((size_t)a, (size_t)b);
}

enum assay_status
report_order(const struct verdicts *v, struct arena *arena,
    const struct control_verdict ***ret_rows, struct assay_error *err)
{
	const struct control_verdict **rows =
	    arena_array(arena, v->control_count + 1, sizeof(const struct control_verdict *));
	if (rows == NULL)
		return arena_full(err);
	for (size_t i = 0; i < v->control_count; i++)
		rows[i] = &v->controls[i];
	qsort(rows, v->control_count, sizeof(const struct control_verdict *), compare_controls);
	*ret_rows = rows;
	return ASSAY_OK;
}

static int
compare_findings(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left;
	const struct finding *b = *(const struct finding *const *)right;
	if (a->gap != b->gap)
		return a->gap ? -1 : 1;
	int by_kind = strcmp(a->id, b->id);
	if (by_kind != 0)
		return by_kind;
	/* All findings of a control stand in one array: its order decides. */
	return compare_numbers((size_t)a, (size_t)b);
}

static bool
same_group(const struct finding *a, const struct finding *b)
{
	return a->gap == b->gap && strcmp(a->id, b->id) == 0;
}

/* What the judge counted, of which no more than FINDINGS_OF_KIND_MAX are kept. */
static size_t
total_of(const struct control_verdict *c, const struct report_group *g)
{
	for (size_t i = 0; i < c->kind_count; i++) {
		const struct finding_kind *k = &c->kinds[i];
		if (k->gap == g->gap && strcmp(k->id, g->id) == 0 && k->total > g->count)
			return k->total;
	}
	return g->count;
}

enum assay_status
report_group(const struct control_verdict *c, struct arena *arena,
    struct report_groups *ret_groups, struct assay_error *err)
{
	size_t n = c->finding_count;
	const struct finding **sorted = arena_array(arena, n + 1, sizeof(const struct finding *));
	if (sorted == NULL)
		return arena_full(err);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &c->findings[i];
	qsort(sorted, n, sizeof(const struct finding *), compare_findings);
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += i == 0 || !same_group(sorted[i - 1], sorted[i]);
	struct report_group *items = arena_array(arena, count + 1, sizeof(struct report_group));
	if (items == NULL)
		return arena_full(err);
	size_t at = 0;
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || !same_group(sorted[i - 1], sorted[i])) {
			items[at++] = (struct report_group){ .id = sorted[i]->id,
				.findings = &sorted[i], .gap = sorted[i]->gap };
		}
		items[at - 1].count++;
	}
	for (size_t i = 0; i < count; i++)
		items[i].total = total_of(c, &items[i]);
	*ret_groups = (struct report_groups){ items, count };
	return ASSAY_OK;
}

void
report_kind_words(struct buf *out, const char *id)
{
	for (const char *p = id; *p != '\0'; p++)
		buf_add_byte(out, *p == '-' ? ' ' : (unsigned char)*p);
}

size_t
report_short_len(const char *object)
{
	size_t len = strlen(object);
	if ((len == 40 || len == 64) && strspn(object, "0123456789abcdef") == len)
		return REPORT_SHORT_ID;
	return len;
}

const char *
report_source_words(enum grade_source s)
{
	return s == GRADE_ASSERTED ? "on the maker's word" : grade_source_name(s);
}

const char *
report_state(const struct control_verdict *c)
{
	return c->judged ? verdict_name(c->verdict) : "not-judged";
}

static bool
of_clause(const struct control_verdict *c, const struct clause *clause)
{
	return clause == NULL || c->control->clause == clause;
}

size_t
report_tally(const struct verdicts *v, const struct clause *clause, enum verdict verdict)
{
	size_t n = 0;
	for (size_t i = 0; i < v->control_count; i++) {
		const struct control_verdict *c = &v->controls[i];
		n += of_clause(c, clause) && c->judged && c->verdict == verdict;
	}
	return n;
}

size_t
report_not_judged(const struct verdicts *v, const struct clause *clause)
{
	size_t n = 0;
	for (size_t i = 0; i < v->control_count; i++)
		n += of_clause(&v->controls[i], clause) && !v->controls[i].judged;
	return n;
}

void
report_summary(struct buf *out, const struct verdicts *v)
{
	static const struct {
		enum verdict verdict;
		const char *word;
	} rest[] = { { VERDICT_UNKNOWN, "unknown" }, { VERDICT_STALE, "stale" },
		{ VERDICT_DEVIATED, "deviated" }, { VERDICT_PASS, "passed" },
		{ VERDICT_NOT_APPLICABLE, "not applicable" } };
	size_t gaps = report_tally(v, NULL, VERDICT_FAIL);
	size_t silent = report_not_judged(v, NULL);
	size_t judged = v->control_count - silent;
	if (gaps == 0)
		buf_addf(out, "no gap found in %zu", judged);
	else
		buf_addf(out, "gaps in %zu of %zu", gaps, judged);
	buf_addf(out, " control%s judged", judged == 1 ? "" : "s");
	const char *mark = "; ";
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		size_t n = report_tally(v, NULL, rest[i].verdict);
		if (n == 0)
			continue;
		buf_addf(out, "%s%zu %s", mark, n, rest[i].word);
		mark = ", ";
	}
	if (silent > 0)
		buf_addf(out, "%s%zu " REPORT_NOT_JUDGED, mark, silent);
}

void
report_scope(struct buf *out, const struct verdicts *v)
{
	if (v->required == NULL)
		return;
	buf_add_str(out, "only ");
	for (size_t i = 0; i < v->required_count; i++)
		buf_addf(out, "%s%s", i > 0 ? ", " : "", v->required[i]);
	buf_addf(out, " was asked for; %zu control%s not", v->not_asked,
	    v->not_asked == 1 ? " was" : "s were");
}
