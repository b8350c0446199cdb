/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include "store.h"

#include <base/text.h>
#include <evidence/clone.h>
#include <evidence/history.h>
#include <stdarg.h>

const struct probe probes[] = {
	{ HISTORY_KIND, history_fetch },
	{ CLONE_KIND, clone_fetch },
};
const size_t probe_count = sizeof(probes) / sizeof(probes[0]);

#define WHY_MAX 4096

const char *
probe_subject(const struct probe_context *c)
{
	const struct repository *r = c->repository;
	CLEANUP(buf_done) struct buf text = BUF_INIT(4 * 8192);
	if (r->head_ref != NULL)
		text_escape(&text, assay_span_str(r->head_ref), false);
	else
		buf_add_str(&text, "detached HEAD");
	if (r->has_head) {
		char hex[2 * OID_MAX + 1];
		oid_hex(&r->head, r->algo, hex);
		buf_addf(&text, " at %s", hex);
	} else
		buf_add_str(&text, ", no commit yet");
	return arena_copy(c->arena, buf_span(&text));
}

void
probe_reason(struct buf *why, const char *fmt, ...)
{
	char text[1024];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (why->len > 0)
		buf_add_str(why, "; ");
	buf_add_str(why, text);
}

enum assay_status
probe_completeness(const struct probe_context *c, const struct buf *why, struct evidence *e,
    struct assay_error *err)
{
	e->completeness = EVIDENCE_PARTIAL;
	TRY(buf_status(why, "the reasons", err));
	if (why->len == 0) {
		e->completeness = EVIDENCE_COMPLETE;
		return ASSAY_OK;
	}
	e->why = arena_copy(c->arena, buf_span(why));
	return e->why == NULL ? arena_full(err) : ASSAY_OK;
}

bool
probe_is_partial_clone(const struct repository *r)
{
	static const char remote[] = "remote.";
	static const char promisor[] = ".promisor";
	for (size_t i = 0; i < r->config.count; i++) {
		const char *key = r->config.entries[i].key;
		const size_t len = strlen(key);
		if (strcmp(key, "extensions.partialclone") == 0)
			return true;
		if (len > strlen(promisor) && strncmp(key, remote, strlen(remote)) == 0
		    && strcmp(key + len - strlen(promisor), promisor) == 0)
			return true;
	}
	return false;
}

static bool
is_asked_for(const char *kind, const char *const *kinds, size_t kind_count)
{
	for (size_t i = 0; kinds != NULL && i < kind_count; i++)
		if (strcmp(kinds[i], kind) == 0)
			return true;
	return kinds == NULL;
}

/* What an earlier run had read of this kind, when nothing changed since. */
static const struct evidence *
from_snapshot(const struct probe_context *c, const struct buf *stamp, const char *kind)
{
	if (stamp->len == 0 || !assay_span_equal(buf_span(stamp), c->snapshot->stamp))
		return NULL;
	return evidence_find(c->snapshot->set, kind);
}

static enum assay_status
run_one(const struct probe_context *c, const struct probe *p, struct evidence *e,
    struct assay_error *err)
{
	const struct evidence_kind *kind = evidence_kind_find(p->kind);
	if (kind == NULL)
		return assay_fail(err, ASSAY_E_INTERNAL, "no kind of evidence is called '%s'", p->kind);
	struct evidence fresh = { .kind = p->kind, .grade = kind->grade };
	fresh.subject = probe_subject(c);
	if (fresh.subject == NULL)
		return arena_full(err);
	struct assay_error why = { 0 };
	enum assay_status status = p->fetch(c, &fresh, &why);
	if (status != ASSAY_OK) {
		fresh.completeness = EVIDENCE_UNREADABLE;
		fresh.members = NULL;
		fresh.member_count = 0;
		fresh.why = arena_str(c->arena, why.what);
		if (fresh.why == NULL)
			return arena_full(err);
	}
	TRY(evidence_seal(&fresh, err));
	*e = fresh;
	return ASSAY_OK;
}

static enum assay_status
stamp_now(const struct probe_context *c, struct buf *stamp, struct assay_error *err)
{
	if (c->snapshot == NULL)
		return ASSAY_OK;
	bool settled;
	TRY(repository_stamp(c->repository, stamp, &settled, err));
	if (!settled)
		buf_reset(stamp);
	return ASSAY_OK;
}

enum assay_status
probe_run(const struct probe_context *c, const char *const *kinds, size_t kind_count,
    struct evidence_set *ret_set, struct assay_error *err)
{
	CLEANUP(store_free) struct store *store = NULL;
	CLEANUP(buf_done) struct buf stamp = BUF_INIT(64);
	struct probe_context shared = *c;
	shared.shared = &store;
	TRY(stamp_now(c, &stamp, err));
	struct evidence_set set = { .items = arena_array(c->arena, probe_count, sizeof(set.items[0])) };
	if (set.items == NULL)
		return arena_full(err);
	for (size_t i = 0; i < probe_count; i++) {
		if (!is_asked_for(probes[i].kind, kinds, kind_count))
			continue;
		struct evidence *e = &set.items[set.count++];
		const struct evidence *before = from_snapshot(c, &stamp, probes[i].kind);
		if (before != NULL)
			*e = *before;
		else
			TRY(run_one(&shared, &probes[i], e, err));
	}
	*ret_set = set;
	return ASSAY_OK;
}
