/* SPDX-License-Identifier: Apache-2.0 */
/*
 * repo.trusted-clone: nothing in the clone can colour what is read from it.
 */
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <evidence/clone.h>

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct clone_facts *f;
	struct assay_error *err;
};

/* How a list's entries are found and said: "BEFORE subject BETWEEN detail". */
struct kind {
	const char *id;
	bool gap;
	const char *before;
	const char *between; /* NULL: the detail isn't said */
};

static enum assay_status
find_item(const struct state *s, const struct kind *k, const struct clone_item *item)
{
	bool detailed = k->between != NULL && item->detail != NULL;
	struct judge_place place = { item->subject, item->file, item->line, 0, item->detail };
	return judge_find_at(s->c, s->v, k->gap, k->id, &place, s->err, "%s '%s'%s%s%s", k->before,
	    item->subject, detailed ? " " : "", detailed ? k->between : "",
	    detailed ? item->detail : "");
}

static enum assay_status
find_all(const struct state *s, bool caught, const struct clone_list *list, const struct kind *k)
{
	if (!caught)
		return ASSAY_OK;
	for (size_t i = 0; i < list->count; i++)
		TRY(find_item(s, k, &list->items[i]));
	judge_find_more(s->v, k->gap, k->id, list->total - list->count);
	return ASSAY_OK;
}

/* ---- objects ---- */

/*
 * What a partial clone's remote promised is missing for a reason that is an open question already. All else is damage: the
 * parents that lie beyond a shallow boundary are not in the list, and a boundary commit's own tree has to be there.
 */
static enum assay_status
find_missing(const struct state *s)
{
	static const struct kind damage = { "missing-object", true, "missing object",
		"that is needed by " };
	const struct clone_list *list = &s->f->missing;
	return find_all(s, CATCH(clone_missing, list->total > 0 && !s->f->partial), list, &damage);
}

static enum assay_status
find_objects(const struct state *s)
{
	static const struct kind altered = { "altered-object", true, "altered object",
		"whose bytes are those of " };
	static const struct kind copy = { "altered-object", true,
		"objects lie there more than once, and a pack is not what its index says:", "of which git says: " };
	static const struct kind collision = { "collision", true,
		"an object made for a SHA-1 collision attack:", NULL };
	static const struct kind over_cap = { "over-cap", false, "too large to be hashed again: object",
		NULL };
	const struct clone_facts *f = s->f;
	/* Both are objects that aren't what their id promises: one check, for the second kind has no sample small enough to keep. */
	bool forged = CATCH(clone_altered, f->altered.total + f->collisions.total > 0);
	TRY(find_all(s, forged, &f->altered, &altered));
	TRY(find_all(s, forged, &f->collisions, &collision));
	TRY(find_all(s, CATCH(clone_copy, f->copies.total > 0), &f->copies, &copy));
	TRY(find_missing(s));
	return find_all(s, CATCH(clone_over_cap, f->over_cap.total > 0), &f->over_cap, &over_cap);
}

/* ---- what redirects reading ---- */

static enum assay_status
find_redirections(const struct state *s)
{
	static const struct kind replace = { "replace-ref", true, "a replace ref shows another object:",
		"which stands for " };
	static const struct kind graft = { "graft", true, "a graft gives a commit other parents:", NULL };
	static const struct kind alternate = { "foreign-alternate", true,
		"objects come from outside the repository:", NULL };
	static const struct kind config = { "config-key", true,
		"repository-local configuration sets", "which " };
	static const struct kind index = { "forged-index", true,
		"git believes an index that contradicts the objects:", "of which it says: " };
	static const struct kind state_tracked = { "state-tracked", true,
		"assay's own state is tracked in the tree:", NULL };
	const struct clone_facts *f = s->f;
	TRY(find_all(s, CATCH(clone_replace, f->replace.total > 0), &f->replace, &replace));
	TRY(find_all(s, CATCH(clone_graft, f->grafts.total > 0), &f->grafts, &graft));
	TRY(find_all(s, CATCH(clone_alternate, f->alternates.total > 0), &f->alternates, &alternate));
	TRY(find_all(s, CATCH(clone_config, f->config.total > 0), &f->config, &config));
	TRY(find_all(s, CATCH(clone_index, f->indexes.total > 0), &f->indexes, &index));
	return find_all(s, CATCH(clone_state_tracked, f->state_tracked.total > 0), &f->state_tracked,
	    &state_tracked);
}

/* ---- what was not to be seen ---- */

static enum assay_status
find_unseen(const struct state *s)
{
	static const struct kind unread = { "unread", false, "could not be read:", "because " };
	const struct clone_facts *f = s->f;
	if (CATCH(clone_shallow, f->shallow.total > 0))
		TRY(judge_find(s->c, s->v, false, "shallow", NULL, NULL, s->err,
		    "the clone is shallow: history before %zu commit%s was not seen", f->shallow.total,
		    f->shallow.total == 1 ? "" : "s"));
	if (CATCH(clone_partial, f->partial || f->promisors.total > 0))
		TRY(judge_find(s->c, s->v, false, "partial", NULL, NULL, s->err,
		    "the clone is partial: objects that a remote promised to send later need not be here"));
	return find_all(s, CATCH(clone_unread, f->unread.total > 0), &f->unread, &unread);
}

static void
report_counts(const struct state *s)
{
	const struct clone_facts *f = s->f;
	judge_count(s->v, "commits hashed again", f->commits);
	judge_count(s->v, "trees hashed again", f->trees);
	judge_count(s->v, "blobs hashed again", f->blobs);
	judge_count(s->v, "tags hashed again", f->tags);
	judge_count(s->v, "objects missing", f->missing.total);
	judge_count(s->v, "missing, but no ref leads there", f->leftovers);
	judge_count(s->v, "shallow commits", f->shallow.total);
	judge_count(s->v, "promisor remotes", f->promisors.total);
	judge_count(s->v, "hooks, never run", f->hooks.total);
	judge_count(s->v, "linked worktrees", f->worktrees);
	judge_count(s->v, "commit-graphs, never read", f->has_commit_graph);
}

static const struct judge_advice advice[] = {
	{ "altered-object", "don't build from this clone: make a fresh one, compare, and find out who altered it" },
	{ "collision", "don't build from this clone: somebody prepared this object; find out where it came from" },
	{ "missing-object", "fetch the missing objects from a good clone, then run git fsck" },
	{ "replace-ref", "look what it hides (git replace --list), then remove it: git replace -d ID" },
	{ "graft", "remove .git/info/grafts; it changes what the history seems to be" },
	{ "foreign-alternate", "make a clone that holds its own objects: git repack -a -d, then remove "
			       ".git/objects/info/alternates" },
	{ "forged-index", "remove it, have git write it again from the objects (git commit-graph write --reachable, git "
			  "multi-pack-index write), and find out who wrote it" },
	{ "config-key", "remove it with git config --local --unset KEY, and keep such settings in your own "
			"configuration" },
	{ "state-tracked", "take it out of the tree: git rm -r --cached PATH; state belongs outside the repository" },
	{ "shallow", "fetch the whole history: git fetch --unshallow" },
	{ "partial", "make a full clone: git clone without --filter" },
	{ NULL, "see to what kept it from being read, and check again" },
};

enum assay_status
judge_repo_trusted_clone(const struct judge_context *c, struct control_verdict *v,
    struct assay_error *err)
{
	struct state s = { c, v, evidence_facts(c->input->evidence, CLONE_KIND), err };
	TRY(find_objects(&s));
	TRY(find_redirections(&s));
	TRY(find_unseen(&s));
	report_counts(&s);
	uint64_t hashed = s.f->commits + s.f->trees + s.f->blobs + s.f->tags;
	return judge_conclude(c, v, hashed,
	    "every object was hashed again and nothing in the clone redirects what is read from it",
	    advice, err);
}
