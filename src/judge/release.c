/* SPDX-License-Identifier: Apache-2.0 */
#include "release.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <inttypes.h>
#include <string.h>

void
release_base_of(const struct judge_context *c, struct control_verdict *v, struct release_base *ret_base, struct assay_error *err)
{
	const struct standing_folder *now = standing_now(c->standing);
	struct release_base b = { .c = c, .v = v, .all = evidence_facts(c->input->evidence, RELEASE_SEAL_KIND), .err = err,
		.now = now == NULL ? NULL : &now->authority, .policy = &c->input->policy->release };
	b.seal = &b.all->items[0];
	*ret_base = b;
}

void
release_base_of_records(const struct judge_context *c, struct control_verdict *v, struct release_base *ret_base, bool *ret_given,
    struct assay_error *err)
{
	const struct evidence *e = evidence_find(c->input->evidence, RELEASE_SEAL_KIND);
	*ret_given = e != NULL && e->facts != NULL;
	if (CATCH(release_not_given, !*ret_given)) {
		v->verdict = VERDICT_UNKNOWN;
		v->reason = "no release was given that the records could be of";
		v->next = "give it, too: assay check --release SEAL=TREE --release-records DIR";
	}
	if (!*ret_given)
		return;
	v->evidence[v->evidence_count++] = e;
	release_base_of(c, v, ret_base, err);
}

bool
release_root_fits(const struct release_base *b, const struct release_seal *s)
{
	const char *root = b->c->input->root;
	return root == NULL || s->fingerprint[0] == '\0' || strcmp(root, s->fingerprint) == 0;
}

enum assay_status
release_must_hold(const struct release_base *b, bool *ret_holds)
{
	const struct release_seal *s = b->seal;
	*ret_holds = s->is_read && release_root_fits(b, s);
	if (CATCH(release_not_held, !*ret_holds))
		return judge_find(b->c, b->v, false, "seal-not-valid", s->name, NULL, b->err,
		    "the release isn't signed as it must be, so what it says of itself counts for nothing: see seal.signed");
	return ASSAY_OK;
}

const struct release_look *
release_look_of(const struct release_base *b, size_t number)
{
	const struct release_looks *looks = evidence_facts(b->c->input->evidence, RELEASE_TREE_KIND);
	return looks == NULL || number >= looks->count ? NULL : &looks->items[number];
}

enum assay_status
release_verifier(const struct release_base *b, const char **ret_digest)
{
	struct assay_manifest *m = arena_alloc(b->c->arena, sizeof *m);
	struct assay_span in = b->seal->files[RELEASE_FILE_MANIFEST];
	char *hex = arena_alloc(b->c->arena, (size_t)2 * ASSAY_SHA256_SIZE + 1);
	struct assay_manifest_entry e;
	bool is = b->seal->has_manifest;
	*ret_digest = NULL;
	if (m == NULL || hex == NULL)
		return arena_full(b->err);
	assay_manifest_begin(m);
	while (is) {
		TRY(assay_manifest_next(m, &in, &is, &e, b->err));
		if (is && e.type == ASSAY_ENTRY_FILE && assay_span_equal(e.path, assay_span_str(b->policy->verifier))) {
			text_hex((struct assay_span){ e.sha256, sizeof e.sha256 }, hex);
			*ret_digest = hex;
		}
	}
	return ASSAY_OK;
}

const char *
release_title(const struct release_base *b, const struct release_seal *s)
{
	const struct assay_release *r = &s->release;
	const char *title = s->is_read ? arena_printf(b->c->arena, "%.*s %.*s (release %" PRIu64 ")", (int)r->product.len,
	    (const char *)r->product.data, (int)r->version.len, (const char *)r->version.data, r->number) : s->name;
	return title == NULL ? s->name : title;
}

const char *
release_spelled(struct arena *arena, struct assay_span path)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(ASSAY_MANIFEST_LINE_MAX);
	text_percent(&out, path, NULL);
	return arena_copy(arena, buf_span(&out));
}
