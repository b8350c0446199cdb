/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was sealed and who has signed it, for people or as JSON (schemas/seal.json).
 */
#include "seal.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <string.h>

static void
row(struct buf *out, const char *name, const char *text)
{
	buf_addf(out, "%-8s ", name);
	text_escape(out, assay_span_str(text), false);
	buf_add_byte(out, '\n');
}

static void
add_people(struct buf *out, const char *const *people, size_t count, const char *join)
{
	for (size_t i = 0; i < count; i++) {
		buf_add_str(out, i == 0 ? "" : join);
		text_escape(out, assay_span_str(people[i]), false);
	}
}

static void
add_signatures(const struct seal_state *state, struct buf *out)
{
	buf_addf(out, "%-8s ", "signed");
	if (state->signed_count == 0)
		buf_add_str(out, "by nobody yet");
	add_people(out, state->signed_by, state->signed_count, ", ");
	buf_addf(out, "\n%-8s %s: %u of %u people", "state", state->complete ? "complete" : "draft", state->people, state->threshold);
	if (!state->complete && state->waiting_count > 0) {
		buf_add_str(out, ", waiting for ");
		add_people(out, state->waiting, state->waiting_count, " or ");
	}
	buf_add_byte(out, '\n');
}

void
seal_describe(const struct seal_state *state, const struct seal_counts *counts, struct buf *out)
{
	char when[WHEN_TEXT_SIZE];
	when_format_date(state->expires, when);
	row(out, "product", state->product);
	row(out, "version", state->version);
	buf_addf(out, "%-8s %llu, security counter %llu, may be installed until %s\n", "number", (unsigned long long)state->number,
	    (unsigned long long)state->counter, when);
	row(out, "commit", state->commit);
	row(out, "source", state->tree);
	buf_addf(out, "%-8s %llu file%s with %llu bytes, %llu folder%s, %llu link%s\n", "tree", (unsigned long long)counts->files,
	    counts->files == 1 ? "" : "s", (unsigned long long)counts->bytes, (unsigned long long)counts->folders, counts->folders == 1 ? "" : "s",
	    (unsigned long long)counts->links, counts->links == 1 ? "" : "s");
	add_signatures(state, out);
}

void
seal_describe_rollback(const struct seal_state *release, const struct seal_state *back, struct buf *out)
{
	char when[WHEN_TEXT_SIZE];
	when_format_date(back->expires, when);
	row(out, "product", release->product);
	row(out, "version", release->version);
	row(out, "commit", release->commit);
	buf_addf(out, "%-8s until %s, release %llu may take the place of release %llu and of those between them\n", "lets", when,
	    (unsigned long long)back->to, (unsigned long long)back->from);
	row(out, "reason", back->reason);
	add_signatures(back, out);
}

static enum assay_status
report_text(struct seal_job *job, struct buf *out, struct assay_error *err)
{
	row(out, "seal", job->path);
	if (job->is_rollback) {
		seal_describe_rollback(&job->state, &job->back, out);
		if (!job->cli->quiet && !job->back.complete)
			row(out, "next", "another person signs: assay seal --add-signature SEAL --sign KEY");
		return buf_status(out, "the report", err);
	}
	seal_describe(&job->state, &job->counts, out);
	seal_bill_text(job, out);
	seal_found_text(job, out);
	for (size_t i = 0; i < job->counts.warning_count; i++)
		row(out, "warning", job->counts.warnings[i]);
	if (job->counts.warning_total > job->counts.warning_count)
		buf_addf(out, "%-8s %llu more of these\n", "warning", (unsigned long long)(job->counts.warning_total - job->counts.warning_count));
	if (job->cli->quiet)
		return buf_status(out, "the report", err);
	if (strcmp(job->action, "seal") == 0)
		row(out, "note", "the commit is what is named: what isn't committed is no part of it");
	if (!job->state.complete)
		row(out, "next", "another person signs: assay seal --add-signature SEAL TREE --sign KEY");
	return buf_status(out, "the report", err);
}

static json_t *
people_json(const char *const *people, size_t count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(list, json_string(people[i]));
	return list;
}

static json_t *
warnings_json(const struct seal_counts *counts)
{
	json_t *list = json_array();
	for (size_t i = 0; i < counts->warning_count; i++)
		(void)json_array_append_new(list, canon_text(assay_span_str(counts->warnings[i])));
	return list;
}

static json_t *
rollback_json(const struct seal_job *job)
{
	char when[WHEN_TEXT_SIZE];
	if (!job->is_rollback)
		return json_null();
	when_format(job->back.expires, when);
	return json_pack("{s:I, s:I, s:s, s:s}", "from", (json_int_t)job->back.from, "to", (json_int_t)job->back.to, "reason", job->back.reason,
	    "expires", when);
}

static enum assay_status
report_json(const struct seal_job *job, struct buf *out, struct assay_error *err)
{
	const struct seal_state *s = &job->state, *asked = job->is_rollback ? &job->back : s;
	const struct seal_counts *c = &job->counts;
	char when[WHEN_TEXT_SIZE];
	when_format(s->expires, when);
	CLEANUP(canon_unref) json_t *release = json_pack("{s:s, s:s, s:I, s:I, s:s, s:s, s:s}", "product", s->product, "version", s->version, "number",
	    (json_int_t)s->number, "counter", (json_int_t)s->counter, "commit", s->commit, "tree", s->tree, "expires", when);
	CLEANUP(canon_unref) json_t *tree = json_pack("{s:I, s:I, s:I, s:I}", "files", (json_int_t)c->files, "folders", (json_int_t)c->folders, "links",
	    (json_int_t)c->links, "bytes", (json_int_t)c->bytes);
	CLEANUP(canon_unref) json_t *signatures = json_pack("{s:i, s:i, s:o, s:o}", "people", (int)asked->people, "threshold", (int)asked->threshold,
	    "signed", people_json(asked->signed_by, asked->signed_count), "waiting", people_json(asked->waiting, asked->waiting_count));
	uint64_t found = 0;
	json_t *findings = seal_found_json(job, &found);
	CLEANUP(canon_unref) json_t *all = json_pack("{s:s, s:s, s:o, s:s, s:s?, s:O, s:O, s:O, s:o, s:I, s:o, s:o, s:o, s:I}", "schema", "assay-seal/1", "action",
	    job->action, "seal", canon_text(assay_span_str(job->path)), "state", asked->complete ? "complete" : "draft", "signer", job->signer_is,
	    "release", release, "tree", tree, "signatures", signatures, "warnings", warnings_json(c), "warning_count", (json_int_t)c->warning_total,
	    "rollback", rollback_json(job), "bill", seal_bill_json(job), "findings", findings, "finding_count", (json_int_t)found);
	if (all == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the report");
	TRY(canon_write(all, out, err));
	buf_add_byte(out, '\n');
	return buf_status(out, "the report", err);
}

enum assay_status
seal_report(struct seal_job *job, struct buf *out, struct assay_error *err)
{
	return job->cli->json ? report_json(job, out, err) : report_text(job, out, err);
}
