/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.complete: the manifest is what lies in the release, entry by entry; and what looking at the release found leaves nothing of it
 * out of the manifest's reach.
 */
#include "release.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

/* Entries beside the manifest whose kind is looked up. */
#define LOOKUPS_MAX 10000u

static const struct judge_advice advice[] = {
	{ "tree-not-given", "give what the seal is of: assay check --release SEAL=TREE" },
	{ "tree-not-seen", "see to what kept it from being read, and check again" },
	{ "nothing-in-it", "give the folder or file that is given out" },
	{ "not-in-manifest", "seal again over all that is given out, or take it out of the release; what the product writes itself can be excluded: release: exclude:" },
	{ "exclusion-too-wide", "have the exclusion name data alone, and what runs or is configured sealed" },
	{ "not-in-tree", "put it back, or seal again" },
	{ "link-outside", "have it lead to a file of the release, or take it out" },
	{ "link-dangling", "have it lead to a file of the release, or take it out" },
	{ "link-loop", "take the link out" },
	{ "archive-unseen", "give it out unpacked, or in a form that can be looked into" },
	{ "archive-odd", "pack it again, with plain names inside" },
	{ "world-writable", "take the right to write away from others (chmod o-w), and seal again" },
	{ "device", "have it made at installation, and take it out of the release" },
	{ "partly-seen", "split it, or look at it by hand" },
	{ "seal-not-valid", "see what seal.signed says, and check again" },
	{ NULL, "find out what changed it, and seal again when it is as it should be" },
};

/* What of seal/coverage.h is asked here; all else is counted. */
static const struct {
	const char *code;
	bool gap;
	const char *words;
} matters[] = {
	{ "archive-unseen", false, "is an archive that could not be looked into" },
	{ "archive-odd", false, "is an archive that unpacks to one thing or another, or outside of itself" },
	{ "link-outside", false, "is a link that leads out of the release" },
	{ "link-dangling", false, "is a link that leads to nothing: what is put there later is in no manifest" },
	{ "link-loop", false, "is a link that leads in a circle" },
	{ "partly-seen", false, "was looked at in part" },
	{ "device", true, "is a device, FIFO or socket, which no manifest holds" },
	{ "world-writable", true, "may be changed by anybody on the system" },
};
#define MATTERS (sizeof matters / sizeof matters[0])

struct side {
	struct assay_manifest *reader;
	struct assay_span left;
	struct assay_manifest_entry entry;
	bool is;
};

struct state {
	const struct release_base *b;
	const struct release_look *look;
	struct side sealed, found;
	uint64_t excluded, remarkable;
	unsigned lookups;
};

static enum assay_status
step(const struct state *s, struct side *side)
{
	return assay_manifest_next(side->reader, &side->left, &side->is, &side->entry, s->b->err);
}

static enum assay_status
begin(const struct state *s, struct side *side, struct assay_span text)
{
	side->reader = arena_alloc(s->b->c->arena, sizeof *side->reader);
	if (side->reader == NULL)
		return arena_full(s->b->err);
	assay_manifest_begin(side->reader);
	side->left = text;
	return step(s, side);
}

static enum assay_status
say(const struct state *s, bool gap, const char *id, const char *path, const char *words)
{
	return judge_find(s->b->c, s->b->v, gap, id, path, NULL, s->b->err, "'%s' %s", path, words);
}

static const struct release_exclusion *
exclusion_of(const struct state *s, struct assay_span path)
{
	for (size_t i = 0; i < s->b->policy->exclusion_count; i++)
		if (text_match(assay_span_str(s->b->policy->exclusions[i].paths), path))
			return &s->b->policy->exclusions[i];
	return NULL;
}

/* It is there, and the manifest lacks it. */
static enum assay_status
judge_extra(struct state *s, const struct assay_manifest_entry *e)
{
	const char *path = release_spelled(s->b->c->arena, e->path);
	if (path == NULL)
		return arena_full(s->b->err);
	if (exclusion_of(s, e->path) == NULL) {
		if (CATCH(complete_extra, true))
			return say(s, true, "not-in-manifest", path, "is in the release, and not in its manifest");
		return ASSAY_OK;
	}
	const bool relevant = s->lookups++ >= LOOKUPS_MAX || release_kind_of(s->look, assay_span_str(path)).data != NULL;
	if (CATCH(complete_exclusion_wide, relevant))
		return say(s, true, "exclusion-too-wide", path, "is excluded from the manifest, and runs, configures or admits something");
	s->excluded++;
	return ASSAY_OK;
}

static enum assay_status
judge_missing(const struct state *s, const struct assay_manifest_entry *e)
{
	const char *path = release_spelled(s->b->c->arena, e->path);
	if (path == NULL)
		return arena_full(s->b->err);
	if (CATCH(complete_missing, true))
		return say(s, true, "not-in-tree", path, "is in the manifest, and not in the release");
	return ASSAY_OK;
}

static enum assay_status
judge_both(const struct state *s, const struct assay_manifest_entry *a, const struct assay_manifest_entry *b)
{
	const char *path = release_spelled(s->b->c->arena, a->path);
	if (path == NULL)
		return arena_full(s->b->err);
	const bool caps = a->caps_len != b->caps_len || memcmp(a->caps, b->caps, a->caps_len) != 0;
	if (CATCH(complete_otherwise, a->type != b->type || a->mode != b->mode || caps || !assay_span_equal(a->target, b->target)))
		return say(s, true, "listed-otherwise", path, "has another type, mode, target or capabilities than the manifest says");
	if (a->type != ASSAY_ENTRY_FILE)
		return ASSAY_OK;
	const bool digest = memcmp(a->sha256, b->sha256, ASSAY_SHA256_SIZE) != 0 || a->size != b->size;
	if (CATCH(complete_digest, digest))
		return say(s, true, "digest-differs", path, "isn't the file that the manifest says");
	if (CATCH(complete_digests, !digest && memcmp(a->verity, b->verity, ASSAY_SHA256_SIZE) != 0))
		return say(s, true, "digests-disagree", path, "has one of the manifest's two digests and not the other");
	return ASSAY_OK;
}

static enum assay_status
compare(struct state *s)
{
	struct side *a = &s->sealed, *b = &s->found;
	TRY(begin(s, a, s->b->seal->files[RELEASE_FILE_MANIFEST]));
	TRY(begin(s, b, s->look->listing));
	while (a->is || b->is) {
		const int order = !a->is ? 1 : !b->is ? -1 : assay_manifest_order(a->entry.path, b->entry.path);
		if (order < 0)
			TRY(judge_missing(s, &a->entry));
		else if (order > 0)
			TRY(judge_extra(s, &b->entry));
		else
			TRY(judge_both(s, &a->entry, &b->entry));
		if (order <= 0)
			TRY(step(s, a));
		if (order >= 0)
			TRY(step(s, b));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_matters(struct state *s)
{
	for (size_t i = 0; i < s->look->matter_count; i++) {
		const struct release_matter *m = &s->look->matters[i];
		size_t k = 0;
		while (k < MATTERS && strcmp(matters[k].code, m->code) != 0)
			k++;
		s->remarkable++;
		if (CATCH(complete_matter, k < MATTERS))
			TRY(judge_find(s->b->c, s->b->v, matters[k].gap, matters[k].code, m->path, m->object, s->b->err, "'%s' %s%s%s", m->path,
			    matters[k].words, m->object[0] == '\0' ? "" : ": ", m->object));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_tree(struct state *s)
{
	const struct release_base *b = s->b;
	if (CATCH(complete_no_tree, !s->look->has_tree))
		return judge_find(b->c, b->v, false, "tree-not-given", b->seal->name, NULL, b->err,
		    "the release itself was not given, so nothing in it was looked at");
	if (!s->look->has_tree)
		return ASSAY_OK;
	if (CATCH(complete_unseen, s->look->why != NULL))
		return judge_find(b->c, b->v, false, "tree-not-seen", b->seal->name, NULL, b->err, "not all of the release could be looked at: %s",
		    s->look->why);
	if (CATCH(complete_nothing, s->look->counts.files == 0))
		return judge_find(b->c, b->v, false, "nothing-in-it", b->seal->name, NULL, b->err, "the release holds no file");
	if (!b->seal->has_manifest)
		return judge_find(b->c, b->v, false, "seal-not-valid", b->seal->name, NULL, b->err,
		    "there is no manifest that was signed: see seal.signed");
	TRY(compare(s));
	return judge_matters(s);
}

enum assay_status
judge_seal_complete(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct release_base b;
	bool holds = false;
	release_base_of(c, v, &b, err);
	struct state s = { .b = &b, .look = release_look_of(&b, 0) };
	TRY(release_must_hold(&b, &holds));
	if (holds && s.look != NULL)
		TRY(judge_tree(&s));
	judge_count(v, "files in the manifest", b.seal->counts.files);
	if (s.look != NULL && s.look->has_tree) {
		judge_count(v, "files looked at", s.look->counts.files);
		judge_count(v, "bytes looked at", s.look->counts.bytes);
		judge_count(v, "that matter to security", s.look->relevant_count);
		judge_count(v, "with more rights than their user", s.look->counts.privileged);
		judge_count(v, "excluded", s.excluded);
		judge_count(v, "remarkable", s.remarkable);
	}
	const char *reason = arena_printf(c->arena, "the manifest of %s lists all that lies in the release, as it is", release_title(&b, b.seal));
	return reason == NULL ? arena_full(err) : judge_conclude(c, v, s.look == NULL ? 0 : s.look->counts.files, reason, advice, err);
}
