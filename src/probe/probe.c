/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include "internal.h"
#include "store.h"

#include <base/text.h>
#include <evidence/analysis.h>
#include <evidence/clone.h>
#include <evidence/history.h>
#include <evidence/leaks.h>
#include <evidence/reviewed.h>
#include <evidence/states.h>
#include <evidence/tree.h>
#include <stdarg.h>

const struct probe probes[] = {
	{ HISTORY_KIND, history_fetch },
	{ CLONE_KIND, clone_fetch },
	{ TREE_KIND, tree_fetch },
	{ STATES_KIND, states_fetch },
	{ REVIEWED_KIND, reviewed_fetch },
	{ LEAKS_KIND, leaks_fetch },
	{ ANALYSIS_KIND, analysis_fetch },
};
const size_t probe_count = sizeof(probes) / sizeof(probes[0]);

#define WHY_MAX 4096

void
probe_reason(struct buf *why, const char *fmt, ...)
{
	char text[1024];
	va_list args;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
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

void
probe_head_text(const struct repository *r, struct buf *out)
{
	char hex[2 * OID_MAX + 1];
	buf_add_str(out, r->head_ref == NULL ? "detached" : r->head_ref);
	if (r->has_head) {
		oid_hex(&r->head, r->algo, hex);
		buf_addf(out, " %s", hex);
	}
	buf_add_byte(out, '\n');
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

static enum assay_status
run_one(const struct probe_context *c, const struct probe *p, struct evidence *e,
    struct assay_error *err)
{
	const struct evidence_kind *kind = evidence_kind_find(p->kind);
	if (kind == NULL)
		return assay_fail(err, ASSAY_E_INTERNAL, "no kind of evidence is called '%s'", p->kind);
	struct evidence fresh = { .kind = p->kind, .grade = kind->grade };
	fresh.subject = repository_subject(c->repository, c->arena);
	if (fresh.subject == NULL)
		return arena_full(err);
	struct assay_error why = { 0 };
	enum assay_status status = p->fetch(c, &fresh, &why);
	if (status != ASSAY_OK) {
		fresh.completeness = EVIDENCE_UNREADABLE;
		fresh.members = NULL;
		fresh.member_count = 0;
		CLEANUP(buf_done) struct buf words = BUF_INIT((size_t)8 * WHY_MAX);
		repository_hide_folders(c->repository, assay_span_str(why.what), &words);
		fresh.why = arena_copy(c->arena, buf_span(&words));
		if (fresh.why == NULL)
			return arena_full(err);
	}
	*e = fresh;
	return ASSAY_OK;
}

/* Hashing what one probe brought, on any thread, while the next one reads. */
struct sealing {
	struct evidence *e;
	enum assay_status status;
	struct assay_error why;
};

static void
seal(void *arg)
{
	struct sealing *s = arg;
	s->status = evidence_seal(s->e, &s->why);
}

static void
sealings_done(struct pool **pool)
{
	pool_drain(*pool);
}

static enum assay_status
run_all(const struct probe_context *c, const char *const *kinds, size_t kind_count, struct evidence_set *set,
    struct assay_error *err)
{
	struct sealing *sealings = arena_array(c->arena, probe_count, sizeof(sealings[0]));
	CLEANUP(sealings_done) struct pool *pool = c->pool;
	if (sealings == NULL)
		return arena_full(err);
	for (size_t i = 0; i < probe_count; i++) {
		if (!is_asked_for(probes[i].kind, kinds, kind_count))
			continue;
		TRY(run_one(c, &probes[i], &set->items[set->count], err));
		sealings[set->count].e = &set->items[set->count];
		pool_submit(pool, seal, &sealings[set->count++]);
	}
	pool_drain(pool);
	for (size_t i = 0; i < set->count; i++)
		if (sealings[i].status != ASSAY_OK) {
			if (err != NULL)
				*err = sealings[i].why;
			return sealings[i].status;
		}
	return ASSAY_OK;
}

enum assay_status
probe_run(const struct probe_context *c, const char *const *kinds, size_t kind_count,
    struct evidence_set *ret_set, struct assay_error *err)
{
	CLEANUP(store_free) struct store *store = NULL;
	struct probe_context shared = *c;
	shared.shared = &store;
	shared.find_keys = is_asked_for(LEAKS_KIND, kinds, kind_count);
	struct evidence_set set = { .items = arena_array(c->arena, probe_count, sizeof(set.items[0])) };
	if (set.items == NULL)
		return arena_full(err);
	TRY(run_all(&shared, kinds, kind_count, &set, err));
	*ret_set = set;
	return ASSAY_OK;
}
