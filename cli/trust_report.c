/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How authority stands, for people and as JSON (schemas/trust.json).
 */
#include "trust.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <string.h>

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory for the report");
}

/* ---- as JSON ---- */

static json_t *
wait_json(const struct trust_wait *w)
{
	json_t *waiting = json_array();
	for (size_t i = 0; i < w->waiting_count; i++)
		(void)json_array_append_new(waiting, json_string(w->waiting[i]));
	return json_pack("{s:s, s:i, s:i, s:o}", "role", w->role, "people", (int)w->people, "threshold",
	    (int)w->threshold, "waiting", waiting);
}

static enum assay_status
draft_json(const struct trust_job *job, enum trust_part part, json_t *list, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *lines = NULL;
	struct trust_wait waits[TRUST_WAITS_MAX];
	const json_t *draft = job->folder.draft[part];
	size_t count = 0;
	if (draft == NULL)
		return ASSAY_OK;
	TRY(trust_changes(job->folder.now[part], draft, &lines, err));
	TRY(trust_folder_waits(&job->folder, part, waits, &count, err));
	json_t *signatures = json_array();
	for (size_t i = 0; i < count && i < TRUST_WAITS_MAX; i++)
		(void)json_array_append_new(signatures, wait_json(&waits[i]));
	if (json_array_append_new(list, json_pack("{s:s, s:I, s:s, s:O, s:o}", "document", trust_part_name(part),
	    "version", (json_int_t)trust_version(draft), "expires", trust_expires(draft), "changes", lines,
	    "signatures", signatures)) != 0)
		return no_memory(err);
	return ASSAY_OK;
}

static json_t *
person_json(const json_t *home, const char *id)
{
	const char *title = json_string_value(json_object_get(json_object_get(trust_keys(home), id), "x-assay-role"));
	return json_pack("{s:s, s:s, s:s, s:s}", "person", trust_key_person(home, id), "name", trust_key_name(home, id),
	    "title", title == NULL ? "" : title, "key", id);
}

static json_t *
role_json(const json_t *home, const struct trust_role *role)
{
	const json_t *held = trust_role_of(home, role);
	const json_t *ids = json_object_get(held, "keyids");
	json_t *people = json_array();
	for (size_t i = 0; i < json_array_size(ids); i++)
		(void)json_array_append_new(people, person_json(home, json_string_value(json_array_get(ids, i))));
	return json_pack("{s:s, s:s, s:I, s:o}", "role", role->name, "decides", role->decides, "threshold",
	    json_integer_value(json_object_get(held, "threshold")), "people", people);
}

static json_t *
roles_json(const struct trust_job *job)
{
	json_t *list = json_array();
	for (size_t i = 0; i < trust_role_count; i++) {
		const json_t *home = job->folder.now[trust_roles[i].home];
		if (home != NULL && trust_role_of(home, &trust_roles[i]) != NULL)
			(void)json_array_append_new(list, role_json(home, &trust_roles[i]));
	}
	return list;
}

static json_t *
state_json(const struct trust_job *job)
{
	const struct authority *a = &job->folder.authority;
	char digest[2 * ASSAY_SHA256_SIZE + 1], expires[WHEN_TEXT_SIZE] = "";
	text_hex((struct assay_span){ a->state, sizeof a->state }, digest);
	if (a->expires_file != NULL)
		when_format(a->expires, expires);
	json_t *differences = json_array();
	static const char *const words[] = { "changed", "added", "missing", "outside" };
	for (size_t i = 0; i < a->difference_count; i++)
		(void)json_array_append_new(differences, json_pack("{s:s, s:o}", "what", words[a->differences[i].what],
		    "path", canon_text(assay_span_str(a->differences[i].path))));
	return json_pack("{s:s, s:s?, s:s?, s:I, s:I, s:I, s:s?, s:s, s:b, s:o}", "outcome",
	    authority_fault_name(a->fault), "why", a->why, "file", a->file, "root", (json_int_t)a->root.version,
	    "targets", (json_int_t)a->targets.version, "policy", (json_int_t)a->policy.version, "digest",
	    a->policy.version == 0 ? NULL : digest, "expires", expires, "expired", trust_is_expired(job, a),
	    "differences", differences);
}

static enum assay_status
as_json(const struct trust_job *job, struct buf *out, struct assay_error *err)
{
	const struct authority *a = &job->folder.authority;
	CLEANUP(canon_unref) json_t *drafts = json_array();
	json_t *completed = json_array(), *said = json_array();
	for (enum trust_part part = TRUST_ROOT; part < TRUST_PARTS; part++) {
		if ((job->completed & 1u << part) != 0)
			(void)json_array_append_new(completed, json_string(trust_part_name(part)));
	}
	for (size_t i = 0; i < job->said.count; i++)
		(void)json_array_append_new(said, json_string(job->said.items[i]));
	CLEANUP(canon_unref) json_t *object = json_pack("{s:s, s:s, s:s?, s:b, s:o, s:o, s:o, s:o, s:O}", "schema",
	    "assay-trust/1", "action", job->action, "fingerprint", a->fingerprint[0] == '\0' ? NULL : a->fingerprint,
	    "pinned", job->cli->root != NULL && a->fault != AUTHORITY_OTHER_ROOT, "completed", completed, "said", said,
	    "roles", roles_json(job), "state", state_json(job), "drafts", drafts);
	if (object == NULL)
		return no_memory(err);
	for (enum trust_part part = TRUST_ROOT; part < TRUST_PARTS; part++)
		TRY(draft_json(job, part, drafts, err));
	TRY(canon_write(object, out, err));
	buf_add_byte(out, '\n');
	return buf_status(out, "the report", err);
}

/* ---- for people ---- */

static void
add_wait(const struct trust_wait *w, struct buf *out)
{
	buf_addf(out, "  %s: %u of %u signatures", w->role, w->people, w->threshold);
	for (size_t i = 0; i < w->waiting_count && i < TRUST_WAITING_MAX && w->people < w->threshold; i++) {
		buf_add_str(out, i == 0 ? ", waiting for " : i + 1 == w->waiting_count ? " or " : ", ");
		text_escape(out, assay_span_str(w->waiting[i][0] == '\0' ? "nobody by name" : w->waiting[i]), false);
	}
	buf_add_byte(out, '\n');
}

static enum assay_status
add_drafts(const struct trust_job *job, struct buf *out, struct assay_error *err)
{
	for (enum trust_part part = TRUST_ROOT; part < TRUST_PARTS; part++) {
		struct trust_wait waits[TRUST_WAITS_MAX];
		size_t count = 0;
		if (job->folder.draft[part] == NULL)
			continue;
		buf_addf(out, "draft of '%s', version %lld\n", trust_part_name(part),
		    (long long)trust_version(job->folder.draft[part]));
		TRY(trust_folder_waits(&job->folder, part, waits, &count, err));
		for (size_t i = 0; i < count && i < TRUST_WAITS_MAX; i++)
			add_wait(&waits[i], out);
		if (count == 0)
			buf_add_str(out, "  not to be signed yet: a role takes more people than are enrolled for it\n");
	}
	return ASSAY_OK;
}

static void
add_people(const json_t *home, const json_t *held, struct buf *out)
{
	const json_t *ids = json_object_get(held, "keyids");
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *id = json_string_value(json_array_get(ids, i));
		const char *title
		    = json_string_value(json_object_get(json_object_get(trust_keys(home), id), "x-assay-role"));
		buf_add_str(out, "    ");
		text_escape(out, assay_span_str(trust_key_person(home, id)), false);
		buf_add_str(out, "  ");
		text_escape(out, assay_span_str(trust_key_name(home, id)), false);
		if (title != NULL && title[0] != '\0') {
			buf_add_str(out, ", ");
			text_escape(out, assay_span_str(title), false);
		}
		buf_addf(out, "  (key %.16s...)\n", id);
	}
}

static void
add_roles(const struct trust_job *job, struct buf *out)
{
	for (size_t i = 0; i < trust_role_count; i++) {
		const struct trust_role *role = &trust_roles[i];
		const json_t *home = job->folder.now[role->home];
		const json_t *held = home == NULL ? NULL : trust_role_of(home, role);
		if (held == NULL)
			continue;
		buf_addf(out, "  %-8s %s; %lld of %zu decide\n", role->name, role->decides,
		    (long long)json_integer_value(json_object_get(held, "threshold")), trust_holders(home, held));
		add_people(home, held, out);
	}
}

static void
add_state(const struct trust_job *job, struct buf *out)
{
	const struct authority *a = &job->folder.authority;
	char when[WHEN_TEXT_SIZE];
	if (a->fingerprint[0] != '\0')
		buf_addf(out, "root     %s%s\n", a->fingerprint, job->cli->root == NULL ? " (not pinned: give it with --root)"
		    : a->fault == AUTHORITY_OTHER_ROOT ? " (not the pinned one)" : " (pinned)");
	if (a->root.version != 0)
		buf_addf(out, "versions root %" PRIu64 ", targets %" PRIu64 ", policy %" PRIu64 "\n", a->root.version,
		    a->targets.version, a->policy.version);
	if (a->expires_file != NULL) {
		when_format_date(a->expires, when);
		buf_addf(out, "expires  %s%s (%s)\n", when, trust_is_expired(job, a) ? ": expired" : "", a->expires_file);
	}
	buf_addf(out, "state    %s", a->fault == AUTHORITY_HOLDS ? "authorised" : authority_fault_name(a->fault));
	if (a->why != NULL) {
		buf_add_str(out, ": ");
		if (a->file != NULL) {
			text_escape(out, assay_span_str(a->file), false);
			buf_add_str(out, ": ");
		}
		text_escape(out, assay_span_str(a->why), false);
	}
	buf_add_byte(out, '\n');
	if (a->fault == AUTHORITY_HOLDS) {
		buf_add_str(out, "digest   ");
		buf_add_hex(out, (struct assay_span){ a->state, sizeof a->state });
		buf_add_byte(out, '\n');
	}
}

enum assay_status
trust_report(struct trust_job *job, bool with_roles, struct buf *out, struct assay_error *err)
{
	if (job->cli->json)
		return as_json(job, out, err);
	for (size_t i = 0; i < job->said.count; i++) {
		text_escape(out, assay_span_str(job->said.items[i]), false);
		buf_add_byte(out, '\n');
	}
	for (enum trust_part part = TRUST_ROOT; part < TRUST_PARTS; part++) {
		if ((job->completed & 1u << part) != 0)
			buf_addf(out, "complete: '%s' version %lld is in force here; commit it\n", trust_part_name(part),
			    (long long)trust_version(job->folder.now[part]));
	}
	TRY(add_drafts(job, out, err));
	if (with_roles)
		add_roles(job, out);
	add_state(job, out);
	return buf_status(out, "the report", err);
}
