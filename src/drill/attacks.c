/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The drill: it goes through the table of attacks.
 */
#include "inside.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <seal/release.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *
drill_world_name(enum drill_world world)
{
	return world == DRILL_REAL ? "real" : "throwaway";
}

const char *
drill_outcome_name(const struct drill_try *t)
{
	static const char *const names[] = { "accepted", "rejected", "other-code", "not-tried" };
	return names[t->outcome];
}

const char *
drill_target_name(enum drill_target target)
{
	static const char *const names[] = { "", "not-tried", "took", "refused", "failed" };
	return names[target];
}

/* ---- one row ---- */

static void
reset(struct drill_work *w)
{
	w->root = w->request->root;
	w->shown = w->tree;
	w->product = NULL;
	w->install = w->has_floor = w->grow = w->open_state = false;
	w->floor.used_count = 0;
	w->floor.has_agreed = false;
}

static enum assay_status
attempt(struct drill_work *w, const struct drill_row *row, struct drill_try *t, struct assay_error *err)
{
	struct assay_error why = { 0 };
	reset(w);
	TRY(drill_copy_seal(w, err));
	const enum assay_status status = row->attack(w, row, &why);
	if (status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL) {
		*err = why;
		return status;
	}
	if (status != ASSAY_OK) {
		t->outcome = DRILL_NOT_TRIED;
		text_put(t->why, sizeof t->why, "%.200s", why.what);
		return drill_undo(w, err);
	}
	TRY(drill_verify(w, t, err));
	return drill_undo(w, err);
}

static enum assay_status
go(struct drill_work *w, const struct drill_row *row, const char *id, struct assay_error *err)
{
	struct drill *d = w->drill;
	const struct drill_request *q = w->request;
	if (q->stop != NULL && q->stop(q->ctx))
		return assay_fail(err, ASSAY_E_SYSTEM, "stopped before the end");
	if (d->count == DRILL_TRIES_MAX || id == NULL)
		return assay_fail(err, ASSAY_E_LIMIT, "more attacks than a drill has room for");
	struct drill_try *t = &d->tries[d->count++];
	*t = (struct drill_try){ .id = id, .says = row->says, .name = row->name, .kind = row->kind, .must = row->must, .may = row->may,
		.world = row->attack == world_attack ? DRILL_THROWAWAY : DRILL_REAL, .outcome = DRILL_NOT_TRIED };
	w->row = row;
	if (q->progress != NULL)
		q->progress(q->ctx, "attacks", d->count, 0);
	return attempt(w, row, t, err);
}

static enum assay_status
each_kind(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	for (size_t i = 0; i < SEAL_KIND_COUNT; i++) {
		struct drill_row one = *row;
		if (w->kinds[i] == NULL)
			continue;
		one.word = w->kinds[i];
		TRY(go(w, &one, arena_printf(w->arena, "%s:%s", row->id, seal_kinds[i].name), err));
	}
	return ASSAY_OK;
}

static enum assay_status
go_through(struct drill_work *w, struct assay_error *err)
{
	for (size_t i = 0; i < drill_row_count; i++) {
		const struct drill_row *row = &drill_rows[i];
		if (strcmp(row->id, DRILL_EACH_KIND) == 0)
			TRY(each_kind(w, row, err));
		else
			TRY(go(w, row, row->id, err));
	}
	return ASSAY_OK;
}

/* ---- the original ---- */

enum assay_status
drill_read_release(struct drill_work *w, struct assay_error *err)
{
	struct drill *d = w->drill;
	struct seal *seal = arena_alloc(w->arena, sizeof *seal);
	CLEANUP(seal_state_done) struct seal_state state = { .document = NULL };
	if (seal == NULL)
		return arena_full(err);
	TRY(seal_read(w->request->seal, w->arena, seal, err));
	TRY(seal_look(seal, w->request->root, true, &state, err));
	if (!state.complete || seal->root_count == 0) {
		(void)assay_fail(err, ASSAY_E_VERIFY, "it isn't a complete seal of this root: %s", assay_release_code_name(state.code));
		(void)assay_error_at(err, ASSAY_E_VERIFY, w->request->seal, 0, 0);
		return assay_error_todo(err, ASSAY_E_VERIFY, "an attack shows something on a release that is accepted; see 'assay verify'");
	}
	text_put(d->product, sizeof d->product, "%s", state.product);
	text_put(d->version, sizeof d->version, "%s", state.version);
	d->number = state.number;
	d->counter = state.counter;
	text_hex((struct assay_span){ state.release.digest, sizeof state.release.digest }, d->release);
	text_hex((struct assay_span){ state.manifest.sha256, sizeof state.manifest.sha256 }, d->manifest);
	memcpy(w->digest, state.release.digest, sizeof w->digest);
	w->targets_version = state.check.targets.version;
	w->root_version = state.check.state.root.version;
	w->threshold = state.threshold;
	w->newest_root = seal->roots[seal->root_count - 1];
	w->root_count = seal->root_count;
	const char *path = drill_path(w, w->request->seal, SEAL_MANIFEST);
	return path == NULL ? arena_full(err) : file_read(AT_FDCWD, path, &w->manifest, err);
}

static enum assay_status
make_place(struct drill_work *w, struct assay_error *err)
{
	const char *name = strrchr(w->request->tree, '/');
	char *top = arena_printf(w->arena, "%s/assay-drill-XXXXXX", w->request->temporary);
	if (top == NULL)
		return arena_full(err);
	if (name == NULL || name[1] == '\0')
		return assay_fail(err, ASSAY_E_USAGE, "the whole file system can't be copied");
	if (mkdtemp(top) == NULL) {
		(void)assay_fail(err, ASSAY_E_SYSTEM, "can't make a folder in '%s': %s", w->request->temporary, text_errno(errno));
		return assay_error_todo(err, ASSAY_E_SYSTEM, "name a folder to write in by TMPDIR");
	}
	w->top = top;
	const char *copy = drill_path(w, top, "copy");
	w->seal = drill_path(w, top, "seal");
	w->state = drill_path(w, top, "state");
	w->aside = drill_path(w, top, "aside");
	if (copy == NULL || w->seal == NULL || w->state == NULL || w->aside == NULL)
		return arena_full(err);
	w->tree = drill_path(w, copy, name + 1);
	if (w->tree == NULL)
		return arena_full(err);
	if (mkdir(copy, 0700) != 0 || mkdir(w->aside, 0700) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't make a folder in '%s': %s", top, text_errno(errno));
	return ASSAY_OK;
}

/* ---- what it comes to ---- */

/* Whether any try of the attack came to the product's own check, and was no failure there. */
static bool
is_shown(const struct drill *d, const char *name)
{
	bool shown = false;
	for (size_t i = 0; i < d->count; i++) {
		const struct drill_try *t = &d->tries[i];
		shown = shown || (t->name != NULL && strcmp(t->name, name) == 0 && t->target >= DRILL_TARGET_TOOK);
	}
	return shown;
}

static void
conclude_target(struct drill *d)
{
	d->target_sound = true;
	for (size_t i = 0; i < d->count; i++) {
		const struct drill_try *t = &d->tries[i];
		if (t->outcome == DRILL_NOT_TRIED || !t->target_must)
			continue;
		if (t->kind == DRILL_CONTROL) {
			d->target_sound = d->target_sound && t->target == DRILL_TARGET_TOOK;
			continue;
		}
		d->target_refused += t->target == DRILL_TARGET_REFUSED;
		d->target_took += t->target == DRILL_TARGET_TOOK;
		d->target_failed += t->target == DRILL_TARGET_FAILED;
	}
	for (size_t i = 0; i < attack_count; i++)
		d->target_not_tried += attacks[i].target == TARGET_MUST && !is_shown(d, attacks[i].name);
	d->sound = d->sound && d->target_sound;
	d->all = d->all && d->sound && d->target_took + d->target_failed == 0 && d->target_refused > 0;
}

static void
conclude(struct drill *d)
{
	bool worlds[2] = { false, false };
	d->sound = true;
	for (size_t i = 0; i < d->count; i++) {
		const struct drill_try *t = &d->tries[i];
		if (t->kind == DRILL_CONTROL) {
			d->sound = d->sound && t->outcome == DRILL_ACCEPTED && t->why[0] == '\0';
			worlds[t->world] = true;
			continue;
		}
		d->attacks++;
		d->rejected += t->outcome == DRILL_REJECTED;
		d->not_tried += t->outcome == DRILL_NOT_TRIED;
	}
	d->sound = d->sound && worlds[DRILL_REAL] && worlds[DRILL_THROWAWAY];
	d->all = d->sound && d->rejected > 0 && d->rejected + d->not_tried == d->attacks;
}

static void
work_done(struct drill_work *w)
{
	if (w->top != NULL)
		drill_remove(w->top);
	drill_keys_free(&w->keys);
	buf_done(&w->manifest);
	buf_done(&w->floor.root);
}

enum assay_status
drill_run(const struct drill_request *request, struct drill *ret_drill, struct assay_error *err)
{
	CLEANUP(work_done) struct drill_work w = { .request = request, .arena = request->arena, .drill = ret_drill,
		.manifest = BUF_INIT(DRILL_MANIFEST_MAX), .floor = VERIFY_STATE_INIT };
	*ret_drill = (struct drill){ .sound = false };
	TRY(drill_read_release(&w, err));
	TRY(drill_keys_new(&w.keys, err));
	TRY(make_place(&w, err));
	TRY(drill_copy(&w, err));
	TRY(go_through(&w, err));
	conclude(ret_drill);
	ret_drill->target_world = w.takes_world;
	if (request->target != NULL)
		conclude_target(ret_drill);
	return ASSAY_OK;
}
