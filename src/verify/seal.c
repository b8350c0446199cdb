/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who vouches for a release, and whether it may be used here. Nothing that was delivered says whom to trust: the first root is
 * known by its fingerprint, from the user's words or from what this machine pinned.
 */
#include "work.h"

#include <base/catch.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>

#define ROOT_NAME_SIZE 48
#define TARGETS "targets.json"
#define RELEASE "release.json"
#define ROLLBACK "rollback.json"

enum assay_status
work_fault(struct work *w, enum assay_release_code code, const char *file, enum assay_status status,
    const struct assay_error *why, struct assay_error *err)
{
	if (status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL || status == ASSAY_E_USAGE)
		return assay_fail(err, status, "%s", why->what);
	verify_find(w->r, code == ASSAY_RELEASE_OK ? ASSAY_RELEASE_BAD_METADATA : code, file, "%s", why->what);
	w->good = false;
	return ASSAY_OK;
}

/* What a file that can't be had means, by why it can't. */
static enum assay_release_code
code_of(enum assay_status status)
{
	if (status == ASSAY_E_NOT_FOUND)
		return ASSAY_RELEASE_NO_SEAL;
	return status == ASSAY_E_SYSTEM ? ASSAY_RELEASE_UNREADABLE : ASSAY_RELEASE_BAD_METADATA;
}

/* False in *ret_there, and no fault, for one that may be absent. */
static enum assay_status
get(struct work *w, const char *name, bool may_be_absent, struct buf *out, bool *ret_there, struct assay_error *err)
{
	struct assay_error why = { 0 };
	const enum assay_status status = file_read(w->seal, name, out, &why);
	*ret_there = status == ASSAY_OK;
	if (status == ASSAY_OK || (status == ASSAY_E_NOT_FOUND && may_be_absent))
		return ASSAY_OK;
	return work_fault(w, code_of(status), name, status, &why, err);
}

/* ---- roots ---- */

static void
root_name(uint64_t version, char ret_name[ROOT_NAME_SIZE])
{
	text_put(ret_name, ROOT_NAME_SIZE, "%" PRIu64 ".root.json", version);
}

/* The roots from this version on, as far as they go; the last one stays in newest. */
static enum assay_status
further_roots(struct work *w, uint64_t version, struct assay_error *err)
{
	static const struct assay_error misnamed = { .what = "it has another version than its name says" };
	CLEANUP(buf_done) struct buf file = BUF_INIT(ASSAY_RELEASE_ROOT_MAX);
	for (uint64_t v = version; w->good && v <= ASSAY_TUF_ROOTS_MAX; v++) {
		char name[ROOT_NAME_SIZE];
		bool there = false;
		struct assay_error why = { 0 };
		root_name(v, name);
		TRY(get(w, name, true, &file, &there, err));
		if (!there && v != version)
			break;
		if (!there)
			continue;
		const enum assay_status status = assay_release_root(&w->check, buf_span(&file), &why);
		if (status != ASSAY_OK)
			return work_fault(w, w->check.code, name, status, &why, err);
		if (CATCH(verify_root_number, w->check.state.root.version != v))
			return work_fault(w, ASSAY_RELEASE_ROOT_CHAIN, name, ASSAY_E_VERIFY, &misnamed, err);
		buf_reset(&w->newest);
		buf_add_span(&w->newest, buf_span(&file));
		w->roots = v;
	}
	return buf_status(&w->newest, "a root", err);
}

/* From the first root, which is known by its fingerprint. */
static enum assay_status
chain_from_first(struct work *w, const char *fingerprint, struct assay_error *err)
{
	struct assay_error why = { 0 };
	bool there = false;
	TRY(get(w, "1.root.json", false, &w->newest, &there, err));
	if (!there)
		return ASSAY_OK;
	w->roots = 1;
	const enum assay_status status = assay_release_begin(w->room, buf_span(&w->newest), fingerprint, &w->check, &why);
	if (status != ASSAY_OK)
		return work_fault(w, w->check.code, "1.root.json", status, &why, err);
	return further_roots(w, 2, err);
}

/*
 * From the root that this machine trusted last: it may be newer than all of the seal's, as an older release has an older chain. What the
 * seal has of the same version must be the same file. Who gives a fingerprint doesn't take the machine's word for what came of it.
 */
static enum assay_status
chain_from_pinned(struct work *w, struct assay_error *err)
{
	static const struct assay_error apart = { .what = "it is the newest one here, and doesn't lead from the fingerprint that was given to the root "
		"that this machine remembers; without --root the machine's own memory counts" };
	struct assay_error why = { 0 };
	const uint64_t roots = w->roots;
	const enum assay_status status = assay_release_begin(w->room, buf_span(&w->state.root), NULL, &w->check, &why);
	if (status != ASSAY_OK) {
		(void)assay_fail(err, ASSAY_E_FORMAT, "the root that this machine trusted is damaged: %s", why.what);
		return assay_error_todo(err, ASSAY_E_FORMAT, "put the state folder back from a backup");
	}
	if (CATCH(verify_state_descends, w->q->root != NULL && w->check.state.root.version > roots)) {
		char name[ROOT_NAME_SIZE];
		root_name(roots, name);
		return work_fault(w, ASSAY_RELEASE_ROOT_CHAIN, name, ASSAY_E_VERIFY, &apart, err);
	}
	buf_reset(&w->newest);
	buf_add_span(&w->newest, buf_span(&w->state.root));
	TRY(further_roots(w, w->check.state.root.version, err));
	if (roots > w->roots)
		w->roots = roots;
	return ASSAY_OK;
}

/* ---- who signed ---- */

static void
name_people(struct work *w)
{
	struct assay_tuf_key key;
	size_t cursor = 0;
	while (assay_tuf_next_key(&w->check.role, &cursor, &key) && w->r->people_count < VERIFY_PEOPLE_MAX) {
		char name[VERIFY_PERSON_SIZE];
		if (assay_tuf_signed_by(&w->check.meta, &key) != ASSAY_OK)
			continue;
		text_put(name, sizeof name, "%.*s", (int)key.person.len, (const char *)key.person.data);
		bool known = key.person.len == 0;
		for (size_t i = 0; i < w->r->people_count; i++)
			known = known || strcmp(w->r->people[i], name) == 0;
		if (!known)
			memcpy(w->r->people[w->r->people_count++], name, sizeof name);
	}
}

static void
put_span(char *out, size_t room, struct assay_span s)
{
	text_put(out, room, "%.*s", (int)s.len, (const char *)s.data);
}

static void
describe(struct work *w)
{
	struct verify_result *r = w->r;
	const struct assay_release *x = &w->release;
	put_span(r->product, sizeof r->product, x->product);
	put_span(r->version, sizeof r->version, x->version);
	put_span(r->commit, sizeof r->commit, x->commit);
	put_span(r->source_tree, sizeof r->source_tree, x->tree);
	r->number = x->number;
	r->counter = x->counter;
	text_hex((struct assay_span){ x->digest, sizeof x->digest }, r->release);
	text_hex((struct assay_span){ x->manifest.sha256, sizeof x->manifest.sha256 }, r->manifest);
	r->threshold = x->tally.threshold;
	r->expires = x->expires;
	text_put(r->expires_file, sizeof r->expires_file, "%s", x->expires_file == NULL ? "" : x->expires_file);
	name_people(w);
	r->has_release = true;
}

static enum assay_status
read_release(struct work *w, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf file = BUF_INIT(ASSAY_RELEASE_FILE_MAX > ASSAY_RELEASE_TARGETS_MAX ? ASSAY_RELEASE_FILE_MAX
		: ASSAY_RELEASE_TARGETS_MAX);
	struct assay_error why = { 0 };
	bool there = false;
	TRY(get(w, TARGETS, false, &file, &there, err));
	if (!there)
		return ASSAY_OK;
	enum assay_status status = assay_release_authority(&w->check, buf_span(&file), &why);
	if (status != ASSAY_OK)
		return work_fault(w, w->check.code, TARGETS, status, &why, err);
	TRY(get(w, RELEASE, false, &file, &there, err));
	if (!there)
		return ASSAY_OK;
	status = assay_release_read(&w->check, buf_span(&file), &w->release, &why);
	if (status != ASSAY_OK)
		return work_fault(w, w->check.code, RELEASE, status, &why, err);
	describe(w);
	return ASSAY_OK;
}

enum assay_status
seal_vouched(struct work *w, struct assay_error *err)
{
	TRY(chain_from_first(w, w->r->root, err));
	if (w->good && w->state.pinned)
		TRY(chain_from_pinned(w, err));
	if (w->good)
		TRY(read_release(w, err));
	return ASSAY_OK;
}

/* ---- whether it may be used here ---- */

/* The authorisation that the user named, or else the seal's. */
static enum assay_status
read_rollback(struct work *w, struct buf *out, bool *ret_there, struct assay_error *err)
{
	*ret_there = false;
	if (w->q->rollback == NULL)
		return get(w, ROLLBACK, true, out, ret_there, err);
	TRY(file_read(AT_FDCWD, w->q->rollback, out, err));
	*ret_there = true;
	return ASSAY_OK;
}

/* Only a release below the floor has a use for one, and only installing it. */
static enum assay_status
apply_rollback(struct work *w, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf file = BUF_INIT(ASSAY_RELEASE_FILE_MAX);
	static const struct assay_error used = { .what = "this authorisation was made use of before" };
	struct assay_error why = { 0 };
	bool there = false;
	if (!w->q->install || !w->state.pinned || w->release.number >= w->state.floor.number)
		return ASSAY_OK;
	TRY(read_rollback(w, &file, &there, err));
	if (!there || !w->good)
		return ASSAY_OK;
	const enum assay_status status = assay_release_rollback(&w->check, buf_span(&file), &w->release, w->q->now, &w->state.floor, &why);
	if (status != ASSAY_OK)
		return work_fault(w, w->check.code, ROLLBACK, status, &why, err);
	if (CATCH(verify_rollback_used, verify_state_used(&w->state, w->check.rollback)))
		return work_fault(w, ASSAY_RELEASE_ROLLBACK_USED, ROLLBACK, ASSAY_E_VERIFY, &used, err);
	w->rolls_back = true;
	buf_reset(&w->rollback);
	buf_add_span(&w->rollback, buf_span(&file));
	return buf_status(&w->rollback, "a rollback authorisation", err);
}

enum assay_status
seal_allowed(struct work *w, struct assay_error *err)
{
	struct assay_error why = { 0 };
	const enum assay_release_use use = w->q->install ? ASSAY_RELEASE_INSTALL : ASSAY_RELEASE_INSTALLED;
	TRY(apply_rollback(w, err));
	if (!w->good)
		return ASSAY_OK;
	const enum assay_status status = assay_release_allows(&w->check, &w->release, use, w->q->product, &w->state.floor, w->q->now,
	    &w->r->expired, &why);
	return status == ASSAY_OK ? ASSAY_OK : work_fault(w, w->check.code, RELEASE, status, &why, err);
}

int
seal_open(const struct work *w, const char *name)
{
	return openat(w->seal, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
}
