/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay trust sign: nobody signs what they weren't shown, and nobody vouches for a key that its owner hasn't proved.
 */
#include "trust.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <string.h>

/* The policy document that the files as they lie here would make. */
static enum assay_status
list_files(struct trust_job *job, json_t **ret_document, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *document = NULL;
	const struct sources *files = &job->folder.files;
	TRY(trust_new(TRUST_POLICY, job->w.policy.repository_id, &document, err));
	for (size_t i = 0; i < files->count; i++) {
		const struct source_file *f = &files->files[i];
		if (!assay_tuf_in_policy(assay_span_str(f->path)))
			continue;
		if (!f->has_bytes)
			return assay_fail(err, ASSAY_E_USAGE, "'%s' can't be authorised: %s", f->path, f->why);
		TRY(trust_add_file(document, f->path, f->bytes, err));
	}
	*ret_document = steal(&document);
	return ASSAY_OK;
}

static json_t *
targets_of(const json_t *document)
{
	return json_object_get(json_object_get(document, "signed"), "targets");
}

/* Makes the draft of the policy state when the files aren't those that were signed, or are but by too few of today's role. */
static enum assay_status
draft_policy(struct trust_job *job, bool anew, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *here = NULL;
	struct trust_folder *f = &job->folder;
	TRY(list_files(job, &here, err));
	const json_t *base = f->draft[TRUST_POLICY] != NULL ? f->draft[TRUST_POLICY] : f->now[TRUST_POLICY];
	const bool same = base != NULL && json_equal(targets_of(base), targets_of(here)) != 0;
	if (same && !anew)
		return ASSAY_OK;
	if (f->draft[TRUST_POLICY] != NULL && !same)
		TRY(trust_say(job, err, "files of 'assay/' have changed since the policy state was drafted: it is drafted anew"));
	TRY(trust_folder_edit(f, TRUST_POLICY, job->w.policy.repository_id, job->expires, err));
	json_t *body = json_object_get(f->draft[TRUST_POLICY], "signed");
	if (json_object_set(body, "targets", targets_of(here)) != 0)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the policy state");
	if (!same)
		trust_drop_signatures(f->draft[TRUST_POLICY]);
	return ASSAY_OK;
}

/* ---- before a signature ---- */

static enum assay_status
check_draft(const struct trust_job *job, enum trust_part part, struct assay_error *err)
{
	const json_t *draft = job->folder.draft[part];
	const char *repository = json_string_value(
	    json_object_get(json_object_get(draft, "signed"), "x-assay-repository"));
	int64_t expires;
	if (repository == NULL || strcmp(repository, job->w.policy.repository_id) != 0)
		return assay_fail(err, ASSAY_E_VERIFY, "the draft of '%s' is made for another repository", trust_part_name(part));
	if (when_parse(assay_span_str(trust_expires(draft)), &expires, NULL) != ASSAY_OK || expires <= job->today) {
		(void)assay_fail(err, ASSAY_E_VERIFY, "the draft of '%s' has expired", trust_part_name(part));
		return assay_error_todo(err, ASSAY_E_VERIFY, "assay trust rotate --role %s", trust_part_name(part));
	}
	if (job->folder.now[part] != NULL && trust_version(draft) != trust_version(job->folder.now[part]) + 1) {
		(void)assay_fail(err, ASSAY_E_VERIFY, "the draft of '%s' is version %lld, and version %lld is in force",
		    trust_part_name(part), (long long)trust_version(draft), (long long)trust_version(job->folder.now[part]));
		return assay_error_todo(err, ASSAY_E_VERIFY, "remove it and make the change again");
	}
	if (part == TRUST_POLICY)
		return ASSAY_OK;
	TRY(trust_check_proofs(draft, repository, err));
	return trust_check_thresholds(draft, err);
}

static bool
role_has(const json_t *home, const struct trust_role *role, const char *id)
{
	const json_t *ids = home == NULL ? NULL : json_object_get(trust_role_of(home, role), "keyids");
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *other = json_string_value(json_array_get(ids, i));
		if (other != NULL && strcmp(other, id) == 0)
			return true;
	}
	return false;
}

/* The id under which the signer's key may sign part; NULL when it may not. */
static enum assay_status
own_id(const struct trust_job *job, enum trust_part part, const char **ret_id, struct assay_error *err)
{
	const struct trust_folder *f = &job->folder;
	const json_t *homes[2] = { part == TRUST_ROOT ? f->draft[TRUST_ROOT] : trust_folder_home(f, part),
		part == TRUST_ROOT ? f->now[TRUST_ROOT] : NULL };
	*ret_id = NULL;
	for (size_t i = 0; i < 2 && *ret_id == NULL; i++) {
		const char *id = NULL;
		if (homes[i] == NULL)
			continue;
		enum assay_status status = trust_own_key(homes[i], job->signer, &id, err);
		if (status == ASSAY_E_NOT_FOUND)
			continue;
		TRY(status);
		if (role_has(homes[i], trust_role_find(trust_part_name(part)), id))
			*ret_id = id;
	}
	return ASSAY_OK;
}

static enum assay_status
sign_drafts(struct trust_job *job, struct assay_error *err)
{
	for (enum trust_part part = TRUST_ROOT; part < TRUST_PARTS; part++) {
		const char *id;
		if (job->folder.draft[part] == NULL || (job->own & 1u << part) != 0)
			continue;
		TRY(own_id(job, part, &id, err));
		if (id == NULL)
			continue;
		TRY(check_draft(job, part, err));
		TRY(trust_sign(job->folder.draft[part], job->signer, id, err));
		job->own |= 1u << part;
		TRY(trust_say(job, err, "signed: '%s' version %lld", trust_part_name(part),
		    (long long)trust_version(job->folder.draft[part])));
	}
	return ASSAY_OK;
}

/* What is about to be signed, in full, before the key is asked for anything. */
static enum assay_status
say_drafts(struct trust_job *job, struct assay_error *err)
{
	for (enum trust_part part = TRUST_ROOT; part < TRUST_PARTS; part++) {
		CLEANUP(canon_unref) json_t *lines = NULL;
		const json_t *draft = job->folder.draft[part];
		if (draft == NULL || (job->own & 1u << part) != 0)
			continue;
		TRY(trust_say(job, err, "'%s' version %lld:", trust_part_name(part), (long long)trust_version(draft)));
		TRY(trust_changes(job->folder.now[part], draft, &lines, err));
		for (size_t i = 0; i < json_array_size(lines); i++)
			TRY(trust_say(job, err, "  %s", json_string_value(json_array_get(lines, i))));
	}
	return ASSAY_OK;
}

static enum assay_status
keep_and_settle(struct trust_job *job, struct assay_error *err)
{
	unsigned moved = 0;
	for (enum trust_part part = TRUST_ROOT; part < TRUST_PARTS; part++) {
		if (job->folder.draft[part] != NULL)
			TRY(trust_folder_keep(&job->folder, part, err));
	}
	TRY(trust_folder_settle(&job->folder, &moved, err));
	job->completed |= moved;
	return ASSAY_OK;
}

static enum assay_status
nothing_to_sign(const struct trust_job *job, struct assay_error *err)
{
	for (enum trust_part part = TRUST_ROOT; part < TRUST_PARTS; part++) {
		if (job->folder.draft[part] != NULL)
			return assay_fail(err, ASSAY_E_USAGE, "the key %s holds no role that signs what waits here",
			    signer_fingerprint(job->signer));
	}
	return ASSAY_OK;
}

enum assay_status
trust_action_sign(struct trust_job *job, struct assay_error *err)
{
	if (job->folder.now[TRUST_ROOT] == NULL && job->folder.draft[TRUST_ROOT] == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is no trust root to sign");
		return assay_error_todo(err, ASSAY_E_USAGE, "make one: assay trust init");
	}
	if (trust_folder_home(&job->folder, TRUST_POLICY) != NULL)
		TRY(draft_policy(job, false, err));
	TRY(say_drafts(job, err));
	if (job->signer == NULL)
		return trust_say(job, err, "nothing was signed: name your key with --sign");
	TRY(sign_drafts(job, err));
	if (job->own == 0)
		return nothing_to_sign(job, err);
	TRY(keep_and_settle(job, err));
	/* Who holds the policy role has changed, and those who signed the policy state aren't enough of them any more. */
	if (job->folder.authority.fault != AUTHORITY_BAD_POLICY || job->folder.draft[TRUST_POLICY] != NULL)
		return ASSAY_OK;
	TRY(draft_policy(job, true, err));
	TRY(say_drafts(job, err));
	TRY(sign_drafts(job, err));
	return keep_and_settle(job, err);
}
