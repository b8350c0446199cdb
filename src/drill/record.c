/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A drill's record, assay-drill(5), by the names that attacks have there; and all that was tried, for whoever wants it whole.
 */
#include "inside.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <string.h>

static json_t *
codes(uint64_t mask)
{
	json_t *list = json_array();
	for (size_t i = 0; i < ASSAY_RELEASE_CODES; i++) {
		if ((mask >> i & 1) != 0)
			(void)json_array_append_new(list, json_string(assay_release_code_name((enum assay_release_code)i)));
	}
	return list;
}

/* What the product's own check did; null when there is none. */
static json_t *
of_target(const struct drill_try *t)
{
	if (t->target == DRILL_TARGET_NONE)
		return json_null();
	return json_pack("{s:b, s:s, s:s}", "must", t->target_must, "outcome", drill_target_name(t->target), "why", t->target_why);
}

static json_t *
target_of(const struct drill *d, const struct drill_request *q, const struct drill_programs *programs)
{
	if (q->target == NULL)
		return json_null();
	return json_pack("{s:I, s:s, s:I, s:s, s:I, s:b, s:I, s:b}", "failed", (json_int_t)d->target_failed, "name", q->target_name, "not-tried",
	    (json_int_t)d->target_not_tried, "program", programs->target, "refused", (json_int_t)d->target_refused, "takes-untouched", d->target_sound,
	    "took", (json_int_t)d->target_took, "takes-drill-maker", d->target_world);
}

static json_t *
one(const struct drill_try *t)
{
	return json_pack("{s:s, s:o, s:b, s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "id", t->id, "target", of_target(t), "control", t->kind == DRILL_CONTROL, "says", t->says, "world",
	    drill_world_name(t->world), "outcome", drill_outcome_name(t), "why", t->why, "must", codes(t->must), "may", codes(t->may), "codes",
	    codes(t->found | t->child));
}

enum assay_status
drill_report(const struct drill *d, const struct drill_request *q, const struct drill_programs *programs, struct buf *out,
    struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *list = json_array();
	char at[WHEN_TEXT_SIZE];
	when_format(q->now, at);
	for (size_t i = 0; i < d->count; i++) {
		if (json_array_append_new(list, one(&d->tries[i])) != 0)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for the record");
	}
	CLEANUP(canon_unref) json_t *record = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:o, s:O, s:s}", "schema", "assay-drill-report/1",
	    "at", at, "product", d->product, "version", d->version, "number", (json_int_t)d->number, "counter", (json_int_t)d->counter, "release",
	    d->release, "manifest", d->manifest, "root", q->root, "assay", programs->assay, "verifier", programs->verifier, "target", target_of(d, q, programs), "attacks", list,
	    "outcome", !d->sound ? "nothing-shown" : d->all ? "all-rejected" : "not-all-rejected");
	if (record == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the record");
	TRY(canon_write(record, out, err));
	buf_add_byte(out, '\n');
	return buf_status(out, "the record", err);
}

/* ---- the record ---- */

/* One code of those that were told: what may be told besides comes last, and a code that nobody expects first. */
static const char *
code_of(const struct drill_try *t)
{
	const uint64_t told = t->found | t->child, bytes = told & (CODE(CHANGED) | CODE(SIZE));
	const uint64_t odd = told & ~(t->must | t->may), must = told & t->must;
	const uint64_t pick = odd != 0 ? odd : must != 0 ? must : bytes != 0 ? bytes : told;
	if (t->outcome == DRILL_ACCEPTED)
		return assay_release_code_name(ASSAY_RELEASE_OK);
	for (size_t i = 1; i < ASSAY_RELEASE_CODES; i++) {
		if ((pick >> i & 1) != 0)
			return assay_release_code_name((enum assay_release_code)i);
	}
	return "";
}

/* What failed came to nothing. */
static const char *
of_record(enum drill_target target)
{
	return target == DRILL_TARGET_TOOK ? "accepted" : target == DRILL_TARGET_REFUSED ? "rejected" : "not-tried";
}

enum assay_status
drill_record(const struct drill *d, const struct drill_request *q, const struct drill_programs *programs, struct buf *out,
    struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *list = json_array();
	char at[WHEN_TEXT_SIZE];
	when_format(q->now, at);
	for (size_t i = 0; i < d->count; i++) {
		const struct drill_try *t = &d->tries[i];
		const char *name = strcmp(t->id, "untouched") == 0 ? "none" : t->name;
		if (name == NULL || t->outcome == DRILL_NOT_TRIED)
			continue;
		if (json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:s, s:s}", "attack", name, "code", code_of(t), "exit",
		    t->outcome == DRILL_ACCEPTED ? 0 : 1, "subject", t->id, "target", of_record(t->target))) != 0)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for the record");
	}
	CLEANUP(canon_unref) json_t *record = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:O}", "assay-drill", 1, "at", at, "release", d->release,
	    "manifest", d->manifest, "program", programs->verifier, "target", q->target == NULL ? "" : q->target_name,
	    "attacks", list);
	if (record == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the record");
	TRY(canon_write(record, out, err));
	buf_add_byte(out, '\n');
	return buf_status(out, "the record", err);
}
