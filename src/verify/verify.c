/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of things: what this machine remembers, who vouches, whether it may be used here, the manifest, the rest of the seal, the
 * tree. The first of these at fault is told; only seal and tree are both gone through to the end.
 */
#include "work.h"

#include <base/catch.h>
#include <base/text.h>

static enum assay_status
check_request(const struct verify_request *q, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	if (q->root != NULL && (strlen(q->root) != ASSAY_TUF_HEX_SIZE - 1 || strspn(q->root, "0123456789abcdef") != ASSAY_TUF_HEX_SIZE - 1
		|| text_unhex(assay_span_str(q->root), digest, sizeof digest) != ASSAY_OK)) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' is no fingerprint of a trust root", q->root);
		return assay_error_todo(err, ASSAY_E_USAGE, "it has 64 hex digits in lower case, as the maker's instructions print them");
	}
	if (q->root == NULL && q->state == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is nobody to trust: who made the release can't be taken from the delivery");
		return assay_error_todo(err, ASSAY_E_USAGE, "add --root FINGERPRINT, as the maker's instructions print it, or --state DIR");
	}
	if (q->state == NULL && (q->install || q->rollback != NULL)) {
		(void)assay_fail(err, ASSAY_E_USAGE, "what is installed has to be remembered somewhere");
		return assay_error_todo(err, ASSAY_E_USAGE, "add --state DIR");
	}
	if (q->rollback != NULL && !q->install) {
		(void)assay_fail(err, ASSAY_E_USAGE, "a rollback is authorised for installing");
		return assay_error_todo(err, ASSAY_E_USAGE, "add --install");
	}
	return ASSAY_OK;
}

/* The fingerprint to which all must lead. */
static void
trust(struct work *w)
{
	w->r->pinned = w->state.pinned;
	text_put(w->r->root, sizeof w->r->root, "%s", w->state.pinned ? w->state.first_root : w->q->root);
}

static enum assay_status
open_state(struct work *w, struct assay_error *err)
{
	const struct verify_request *q = w->q;
	if (q->state == NULL)
		return ASSAY_OK;
	TRY(verify_state_open(q->state, q->install, &w->state, err));
	w->r->state_read_only = w->state.read_only;
	if (!w->state.pinned && q->root == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "nothing was installed yet by the state folder '%s', so it trusts nobody", q->state);
		return assay_error_todo(err, ASSAY_E_USAGE, "add --root FINGERPRINT, as the maker's instructions print it, and --install");
	}
	if (CATCH(verify_state_root, w->state.pinned && q->root != NULL && strcmp(q->root, w->state.first_root) != 0)) {
		(void)assay_fail(err, ASSAY_E_USAGE, "this machine trusts the root %s, and not the one given", w->state.first_root);
		return assay_error_todo(err, ASSAY_E_USAGE, "find out whose fingerprint was given; a machine has a state folder for each maker");
	}
	return ASSAY_OK;
}

/* ---- what is remembered ---- */

/*
 * An installation raises the floor; so does an installed release that is intact and newer, whoever installed it: the baseline moves along
 * signed releases. Nothing but a rollback that was authorised moves it back.
 */
static bool
moves(const struct work *w)
{
	if (w->r->outcome != VERIFY_INTACT || w->q->state == NULL || w->state.read_only)
		return false;
	return w->q->install || w->state.pinned;
}

static enum assay_status
remember(struct work *w, struct assay_error *err)
{
	if (!moves(w))
		return ASSAY_OK;
	if (w->rolls_back) {
		TRY(verify_state_use(&w->state, w->check.rollback, buf_span(&w->rollback), err));
		w->r->lowered = true;
	}
	assay_release_raise(&w->release, w->q->now, &w->state.floor);
	if (!w->state.pinned)
		memcpy(w->state.first_root, w->r->root, sizeof w->state.first_root);
	/* Intact, so every file was compared. */
	if (w->r->digests == VERIFY_DIGESTS_BOTH) {
		memcpy(w->state.agreed, w->manifest_sha256, sizeof w->state.agreed);
		w->state.has_agreed = true;
	}
	buf_reset(&w->state.root);
	buf_add_span(&w->state.root, buf_span(&w->newest));
	TRY(buf_status(&w->state.root, "the root", err));
	TRY(verify_state_keep(&w->state, err));
	w->r->state_written = true;
	return ASSAY_OK;
}

/* ---- in order ---- */

static enum assay_status
metadata(struct work *w, struct assay_error *err)
{
	unsigned char *room = malloc(ASSAY_RELEASE_ROOM);
	if (room == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to read a release");
	w->room = (struct assay_tuf_room){ room, ASSAY_RELEASE_ROOM, 0 };
	TRY(hash_stream_new(&w->stream, err));
	TRY(seal_vouched(w, err));
	if (w->good)
		TRY(seal_allowed(w, err));
	if (w->good)
		TRY(list_check(w, err));
	if (w->good)
		TRY(seal_complete(w, err));
	return ASSAY_OK;
}

static void
work_done(struct work *w)
{
	verify_state_done(&w->state);
	if (w->tree != NULL)
		walk_drop(&w->tree);
	if (w->seal >= 0)
		(void)close(w->seal);
	if (w->manifest >= 0)
		(void)close(w->manifest);
	free(w->room.data);
	free(w->reader);
	hash_stream_free(&w->stream);
	buf_done(&w->newest);
	buf_done(&w->rollback);
}

static enum assay_status
run(struct work *w, struct assay_error *err)
{
	TRY(check_request(w->q, err));
	TRY(open_state(w, err));
	trust(w);
	TRY(place_open(w, err));
	if (w->q->confine != NULL)
		w->q->confine(w->q->confine_ctx, w->q, w->r);
	if (w->good)
		TRY(metadata(w, err));
	if (w->good)
		TRY(tree_check(w, err));
	verify_conclude(w->r);
	return remember(w, err);
}

enum assay_status
verify_run(const struct verify_request *request, struct verify_result *result, struct assay_error *err)
{
	struct work *w = calloc(1, sizeof *w);
	if (w == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to verify");
	*w = (struct work){ .q = request, .r = result, .state = VERIFY_STATE_INIT, .seal = -1, .manifest = -1, .good = true,
		.newest = BUF_INIT(ASSAY_RELEASE_ROOT_MAX), .rollback = BUF_INIT(ASSAY_RELEASE_FILE_MAX) };
	result->installing = request->install;
	const enum assay_status status = run(w, err);
	work_done(w);
	free(w);
	return status;
}
