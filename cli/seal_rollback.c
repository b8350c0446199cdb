/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay seal --rollback-to: as many people as a release takes let installed systems go back to an older one, for a time and for a reason.
 */
#include "seal.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)1 << 20)

static void
free_text(char **text)
{
	free(*text);
}

/* A seal at the top of its own tree: what is on its way to it lies beside that. */
static enum assay_status
place_alone(struct seal_job *job, struct assay_error *err)
{
	CLEANUP(free_text) char *path = realpath(job->path, NULL);
	char *slash = path == NULL ? NULL : strrchr(path, '/');
	if (slash == NULL || strcmp(slash + 1, SEAL_INSIDE) != 0)
		return ASSAY_OK;
	*slash = '\0';
	slash = strrchr(path, '/');
	if (slash == NULL || slash == path)
		return ASSAY_OK;
	*slash = '\0';
	job->beside = arena_str(job->arena, path);
	return job->beside == NULL ? arena_full(err) : ASSAY_OK;
}

static enum assay_status
read_seal(const struct seal_job *job, const char *path, const struct seal **ret_seal, struct seal_state *ret_state, struct assay_error *err)
{
	struct seal *seal = arena_alloc(job->arena, sizeof *seal);
	if (seal == NULL)
		return arena_full(err);
	TRY(seal_read(path, job->arena, seal, err));
	TRY(seal_look(seal, job->root, true, ret_state, err));
	*ret_seal = seal;
	return seal_expect(ret_state, path, false, err);
}

/* Verifies what lies at path by now: the older release under today's authority, and what lets it be gone back to. */
static enum assay_status
check_made(struct seal_job *job, const char *path, struct assay_error *err)
{
	const struct seal *seal;
	seal_state_done(&job->state);
	seal_state_done(&job->back);
	TRY(read_seal(job, path, &seal, &job->state, err));
	TRY(seal_look_rollback(seal, &job->state, job->now, &job->back, err));
	return seal_expect(&job->back, job->path, true, err);
}

static enum assay_status
need(const char *value, const char *option, struct assay_error *err)
{
	return value != NULL ? ASSAY_OK : assay_fail(err, ASSAY_E_USAGE, "'assay seal --rollback-to' wants %s", option);
}

/* Installed systems have seen the newer authority: they would take none that is older. */
static enum assay_status
check_newest(const struct seal_job *job, const struct seal_state *state, const char *path, struct assay_error *err)
{
	const struct authority *a = &job->folder.authority;
	if (a->root.version >= state->check.state.root.version && a->targets.version >= state->check.targets.version)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "this seal holds a newer root or targets.json than the repository");
	(void)assay_error_at(err, ASSAY_E_USAGE, path, 0, 0);
	return assay_error_todo(err, ASSAY_E_USAGE, "bring the repository up to date, or name another with --repo");
}

static enum assay_status
read_terms(struct seal_job *job, struct seal_rollback *ret, struct assay_error *err)
{
	CLEANUP(seal_state_done) struct seal_state from = { .document = NULL };
	const struct seal *old_seal, *new_seal;
	TRY(read_seal(job, job->path, &old_seal, &job->state, err));
	TRY(read_seal(job, job->cli->from_seal, &new_seal, &from, err));
	const struct seal_state *to = &job->state;
	TRY(check_newest(job, to, job->path, err));
	TRY(check_newest(job, &from, job->cli->from_seal, err));
	if (strcmp(to->product, from.product) != 0)
		return assay_fail(err, ASSAY_E_USAGE, "these are releases of two products: '%s' and '%s'", to->product, from.product);
	if (to->number >= from.number)
		return assay_fail(err, ASSAY_E_USAGE, "release %llu isn't older than release %llu: installing it takes no authorisation",
		    (unsigned long long)to->number, (unsigned long long)from.number);
	if (old_seal->rollback.data != NULL && !job->cli->replace) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is an authorisation to go back to this release already");
		return assay_error_todo(err, ASSAY_E_USAGE, "sign that one with --add-signature, or put another in its place with --replace");
	}
	*ret = (struct seal_rollback){ .repository = job->terms.repository, .product = arena_str(job->arena, to->product), .from = from.number,
		.to = to->number, .reason = job->cli->reason };
	memcpy(ret->to_release, to->release.digest, sizeof ret->to_release);
	return ret->product == NULL ? arena_full(err) : seal_read_expiry(job->cli, job->now, &ret->expires, err);
}

static enum assay_status
make(struct seal_job *job, const struct seal_rollback *terms, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *document = NULL;
	CLEANUP(seal_stage_free) struct seal_stage *stage = NULL;
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(ASSAY_RELEASE_FILE_MAX);
	/* Of the roots all come anew, and there are as many as there were or more: those that are left out are written again. */
	const char *but[TRUST_VERSION_MAX + 3];
	size_t count = 0;
	const char *id = NULL;
	TRY(seal_rollback_new(terms, &document, err));
	if (job->signer != NULL)
		TRY(seal_own_key(job->folder.now[TRUST_TARGETS], NULL, job->signer, &id, &job->signer_is, err));
	but[count++] = SEAL_TARGETS;
	but[count++] = SEAL_ROLLBACK;
	for (uint64_t i = 1; i <= job->folder.authority.root.version && count < TRUST_VERSION_MAX + 2; i++) {
		but[count] = arena_printf(job->arena, "%llu.root.json", (unsigned long long)i);
		if (but[count++] == NULL)
			return arena_full(err);
	}
	but[count] = NULL;
	TRY(seal_stage_new(job->path, job->beside, &stage, err));
	TRY(seal_stage_copy(stage, job->path, but, err));
	TRY(seal_copy_authority(job, stage, err));
	if (id != NULL)
		TRY(trust_sign(document, job->signer, id, err));
	TRY(trust_write(document, &bytes, err));
	TRY(file_write_atomic(seal_stage_fd(stage), SEAL_ROLLBACK, buf_span(&bytes), 0666, err));
	TRY(check_made(job, seal_stage_path(stage), err));
	return seal_stage_commit(stage, true, err);
}

enum assay_status
seal_authorise(struct seal_job *job, struct assay_error *err)
{
	const struct cli *cli = job->cli;
	struct seal_rollback terms = { .product = NULL };
	job->path = cli->rollback_to;
	job->is_rollback = true;
	TRY(need(cli->from_seal, "--from", err));
	TRY(need(cli->reason, "--reason", err));
	TRY(need(cli->expires, "--expires", err));
	if (cli->arg_count > 0 || cli->add_signature != NULL)
		return assay_fail(err, ASSAY_E_USAGE, "'--rollback-to' takes two seals, and neither a tree nor '--add-signature'");
	TRY(seal_open_authority(job, err));
	TRY(place_alone(job, err));
	TRY(read_terms(job, &terms, err));
	TRY(workspace_signer(job->cli, SIGNER_METADATA, &job->signer, err));
	return make(job, &terms, err);
}

/* ---- another person ---- */

enum assay_status
seal_add_to_rollback(struct seal_job *job, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(ASSAY_RELEASE_FILE_MAX);
	CLEANUP(buf_done) struct buf text = BUF_INIT(TEXT_MAX);
	const struct seal *seal;
	const char *id = NULL;
	job->path = job->cli->add_signature;
	if (job->cli->sign == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "'--add-signature' wants --sign");
	TRY(place_alone(job, err));
	TRY(seal_look_at(job, &seal, err));
	if (seal->rollback.data == NULL || !job->state.complete) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'--add-signature' wants the tree as well: what isn't there can't be compared, nor signed");
		return assay_error_todo(err, ASSAY_E_USAGE, "assay seal --add-signature SEAL TREE --sign KEY");
	}
	job->is_rollback = true;
	TRY(seal_look_rollback(seal, &job->state, job->now, &job->back, err));
	TRY(seal_expect(&job->back, job->path, true, err));
	if (job->cli->yes)
		TRY(seal_check_repeated(job, err));
	TRY(workspace_signer(job->cli, SIGNER_METADATA, &job->signer, err));
	TRY(seal_own_key(job->state.authority, &job->back, job->signer, &id, &job->signer_is, err));
	seal_describe_rollback(&job->state, &job->back, &text);
	if (!job->cli->yes)
		TRY(seal_ask(job, &text, "this lets installed systems go back.", err));
	TRY(trust_sign(job->back.document, job->signer, id, err));
	TRY(trust_write(job->back.document, &bytes, err));
	job->signer_is = arena_str(job->arena, job->signer_is);
	if (job->signer_is == NULL)
		return arena_full(err);
	TRY(seal_put(job->path, job->beside, SEAL_ROLLBACK, buf_span(&bytes), err));
	return check_made(job, job->path, err);
}
