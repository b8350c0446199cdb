/* SPDX-License-Identifier: Apache-2.0 */
#include "standing.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/unconst.h>

struct builder {
	const struct judge_input *input;
	const struct states *states;
	struct arena *arena;
	struct standing *s;
	const char *fingerprint; /* pinned, or HEAD's own */
	struct assay_error *err;
};

/* Versions of a chain, each of which may only rise. */
struct versions {
	uint64_t root, targets, policy;
};

/* ---- folders ---- */

static int
compare_ids(const void *a, const void *b)
{
	return oid_compare(a, b);
}

/* Commits' folders by id, each once and sorted; places is a commit's own id, for the second pass. */
static enum assay_status
list_folders(const struct builder *b, struct oid *ids, size_t room, struct assay_error *err)
{
	struct standing *s = b->s;
	uint32_t count = 0, kept = 0;
	for (uint32_t i = 0; i < s->h->commit_count && count < room; i++) {
		if (states_folder(b->states, &s->h->commits[i].tree, &ids[count]) == STATES_FOLDER)
			count++;
	}
	if (count > 0)
		qsort(ids, count, sizeof ids[0], compare_ids);
	for (uint32_t i = 0; i < count; i++) {
		if (i == 0 || oid_compare(&ids[i - 1], &ids[i]) != 0)
			ids[kept++] = ids[i];
	}
	s->folder_count = kept;
	if (s->folder_count > STANDING_FOLDERS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "'assay/' has had more than %u contents", STANDING_FOLDERS_MAX);
	s->folders = arena_array(b->arena, s->folder_count + (size_t)1, sizeof s->folders[0]);
	if (s->folders == NULL)
		return arena_full(err);
	for (uint32_t i = 0; i < s->folder_count; i++)
		s->folders[i].id = ids[i];
	return ASSAY_OK;
}

static uint32_t
find_folder(const struct standing *s, const struct oid *id)
{
	uint32_t low = 0, high = s->folder_count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = oid_compare(&s->folders[middle].id, id);
		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return STANDING_NONE;
}

static enum assay_status
place_folders(const struct builder *b)
{
	struct standing *s = b->s;
	size_t room = s->h->commit_count + (size_t)1;
	s->folder = arena_array(b->arena, room, sizeof s->folder[0]);
	struct oid *ids = calloc(room, sizeof ids[0]);
	if (s->folder == NULL || ids == NULL) {
		free(ids);
		return arena_full(b->err);
	}
	enum assay_status status = list_folders(b, ids, room, b->err);
	free(ids);
	TRY(status);
	for (uint32_t i = 0; i < s->h->commit_count; i++) {
		struct oid id;
		s->folder[i] = STANDING_NONE;
		const enum states_found found = states_folder(b->states, &s->h->commits[i].tree, &id);
		if (found == STATES_FOLDER)
			s->folder[i] = find_folder(s, &id);
		/* A malformed commit has no tree that could be asked for. */
		if (found == STATES_GONE && !s->h->commits[i].malformed)
			s->unseen = "root trees of commits are left out";
	}
	return ASSAY_OK;
}

static enum assay_status
read_rules(const struct builder *b, struct standing_folder *f, struct assay_error *why)
{
	const struct source_file *policy = sources_find(&f->files, POLICY_PATH);
	const struct source_file *roster = sources_find(&f->files, ROSTER_PATH);
	policy_defaults(&f->policy);
	if (policy != NULL)
		TRY(policy_parse(policy->bytes, POLICY_PATH, b->arena, &f->policy, why));
	if (roster != NULL)
		TRY(roster_parse(roster->bytes, ROSTER_PATH, b->arena, &f->roster, why));
	return ASSAY_OK;
}

static enum assay_status
read_folder(const struct builder *b, struct standing_folder *f)
{
	struct assay_error why = { 0 };
	bool gone = false;
	enum assay_status status = states_files(b->states, &f->id, b->arena, &f->files, &gone, &why);
	if (status == ASSAY_OK)
		status = authority_read(&f->files, b->fingerprint, b->arena, &f->authority, &why);
	if (status == ASSAY_OK && f->authority.fault != AUTHORITY_HOLDS)
		return ASSAY_OK;
	if (status == ASSAY_OK)
		status = read_rules(b, f, &why);
	if (status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL) {
		*b->err = why;
		return status;
	}
	f->authorised = status == ASSAY_OK;
	if (f->authorised)
		return outcome_owners(b->s->h, &f->roster, b->arena, &f->owners, b->err);
	f->authority.fault = AUTHORITY_UNREAD;
	f->authority.file = arena_str(b->arena, why.file);
	f->authority.why = arena_str(b->arena, why.what);
	return f->authority.why == NULL ? arena_full(b->err) : ASSAY_OK;
}

/* ---- order ---- */

/* Parents before children; history's parents are indices already. */
static enum assay_status
order_commits(const struct builder *b, uint32_t **ret_order)
{
	const struct history *h = b->s->h;
	size_t room = h->commit_count + (size_t)1;
	uint32_t *order = arena_array(b->arena, room, sizeof *order), *stack = arena_array(b->arena, room, sizeof *stack);
	uint32_t *cursor = arena_array(b->arena, room, sizeof *cursor), count = 0;
	if (order == NULL || stack == NULL || cursor == NULL)
		return arena_full(b->err);
	/* cursor: 0 not seen yet, else one more than the next parent to look at. */
	for (uint32_t i = 0; i < h->commit_count; i++) {
		uint32_t depth = 0;
		if (cursor[i] != 0)
			continue;
		cursor[i] = 1;
		stack[depth++] = i;
		while (depth > 0) {
			uint32_t at = stack[depth - 1];
			const struct history_commit *c = &h->commits[at];
			if (cursor[at] > c->parent_count) {
				order[count++] = at;
				depth--;
				continue;
			}
			uint32_t p = c->parents[cursor[at]++ - 1];
			if (p != HISTORY_NONE && cursor[p] == 0) {
				cursor[p] = 1;
				stack[depth++] = p;
			}
		}
	}
	*ret_order = order;
	return ASSAY_OK;
}

/* ---- what came into force ---- */

static struct versions
versions_of(const struct standing *s, uint32_t folder)
{
	if (folder == STANDING_NONE)
		return (struct versions){ 0, 0, 0 };
	const struct authority *a = &s->folders[folder].authority;
	return (struct versions){ a->root.version, a->targets.version, a->policy.version };
}

static bool
any_lower(struct versions a, struct versions b)
{
	return a.root < b.root || a.targets < b.targets || a.policy < b.policy;
}

/*
 * Who may sign comes before what was signed: whoever lost a role could sign any number of versions on a line that doesn't know of it.
 */
bool
standing_newer(const struct standing *s, uint32_t a, uint32_t b)
{
	const struct versions x = versions_of(s, a), y = versions_of(s, b);
	if (x.root != y.root)
		return x.root > y.root;
	if (x.targets != y.targets)
		return x.targets > y.targets;
	return x.policy > y.policy;
}

/* The newest state that any parent leaves in force, the first parent's where none is newer. */
static uint32_t
newest_of_parents(const struct standing *s, const struct history_commit *c)
{
	uint32_t newest = STANDING_NONE;
	for (uint32_t i = 0; i < c->parent_count; i++) {
		uint32_t state = c->parents[i] == HISTORY_NONE ? STANDING_NONE : s->after[c->parents[i]];
		if (state == STANDING_NONE)
			continue;
		if (newest == STANDING_NONE || standing_newer(s, state, newest))
			newest = state;
	}
	return newest;
}

/*
 * Signed and authorised once is not enough: an old state that was good then would undo what was decided since, and of two states
 * of one version only the first counts; so of two delegations or roots, for one of them was signed and given up.
 */
static bool
may_follow(const struct standing *s, uint32_t folder, uint32_t before)
{
	if (before == STANDING_NONE)
		return true;
	struct versions now = versions_of(s, folder), then = versions_of(s, before);
	const struct authority *a = &s->folders[folder].authority, *b = &s->folders[before].authority;
	const bool twice = (now.policy == then.policy && memcmp(a->state, b->state, sizeof a->state) != 0) ||
	    (now.targets == then.targets && !assay_span_equal(a->targets.payload, b->targets.payload)) ||
	    (now.root == then.root && !assay_span_equal(a->root.payload, b->root.payload));
	return !CATCH(standing_rollback, any_lower(now, then)) && !CATCH(standing_twice, twice);
}

static uint32_t
force_after(const struct standing *s, uint32_t commit)
{
	uint32_t before = newest_of_parents(s, &s->h->commits[commit]), folder = s->folder[commit];
	if (CATCH(standing_unauthorised, folder == STANDING_NONE || !s->folders[folder].authorised))
		return before;
	return may_follow(s, folder, before) ? folder : before;
}

/* ---- limits ---- */

static int64_t
lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/*
 * A key must have been granted by the rules that a commit is judged by; that it was retired, ended or compromised may become known
 * later, and holds for what was signed before too. So the narrower of both limits counts.
 */
static enum assay_status
limit_owner(const struct builder *b, const struct roster *now, struct outcome_owner *o)
{
	if (o->key == NULL)
		return ASSAY_OK;
	const struct roster_key *k = roster_find(now, o->key->owner->kind, o->key->key.blob);
	if (!CATCH(standing_later_limits, k != NULL && signers_same(k->owner, o->key->owner)))
		return ASSAY_OK;
	struct roster_key *both = arena_alloc(b->arena, sizeof *both);
	if (both == NULL)
		return arena_full(b->err);
	*both = *o->key;
	both->from = k->from > both->from ? k->from : both->from;
	both->until = lesser(both->until, k->until);
	both->retired = lesser(both->retired, k->retired);
	both->compromised_since = lesser(both->compromised_since, k->compromised_since);
	o->key = both;
	return ASSAY_OK;
}

static enum assay_status
limit_owners(const struct builder *b)
{
	struct standing *s = b->s;
	const struct standing_folder *now = standing_now(s);
	for (uint32_t i = 0; now != NULL && i < s->folder_count; i++) {
		struct standing_folder *f = &s->folders[i];
		struct outcome_owner *owners = unconst(f->owners);
		for (uint32_t k = 0; f->authorised && f != now && k < s->h->key_count; k++)
			TRY(limit_owner(b, &now->roster, &owners[k]));
	}
	return ASSAY_OK;
}

/* ---- all ---- */

/* Without a pin the chain that HEAD shows is followed, so that what contradicts itself is found; it then lets nothing pass. */
static enum assay_status
look_at_head(struct builder *b)
{
	struct standing *s = b->s;
	uint32_t head = s->h->has_head ? history_find_commit(s->h, &s->h->head_id) : HISTORY_NONE;
	struct oid id;
	enum states_found found = head == HISTORY_NONE ? STATES_GONE : states_folder(b->states, &s->h->commits[head].tree, &id);
	s->unread = (found == STATES_GONE || found == STATES_CUT) && s->h->has_head;
	b->fingerprint = b->input->root;
	if (found != STATES_FOLDER)
		return ASSAY_OK;
	struct sources files;
	struct authority *a = arena_alloc(b->arena, sizeof *a);
	bool gone = false;
	if (a == NULL)
		return arena_full(b->err);
	enum assay_status status = states_files(b->states, &id, b->arena, &files, &gone, b->err);
	if (status == ASSAY_E_FORMAT || status == ASSAY_E_LIMIT) {
		s->unread = true;
		return ASSAY_OK;
	}
	TRY(status);
	TRY(authority_read(&files, b->fingerprint, b->arena, a, b->err));
	s->here = a;
	s->has_trust = sources_under(&files, AUTHORITY_FOLDER) != NULL;
	if (b->fingerprint == NULL && a->fingerprint[0] != '\0')
		b->fingerprint = a->fingerprint;
	return ASSAY_OK;
}

static enum assay_status
settle(struct builder *b)
{
	struct standing *s = b->s;
	s->after = arena_array(b->arena, s->h->commit_count + (size_t)1, sizeof s->after[0]);
	if (s->after == NULL)
		return arena_full(b->err);
	for (uint32_t i = 0; i < s->folder_count; i++)
		TRY(read_folder(b, &s->folders[i]));
	TRY(order_commits(b, &s->order));
	for (uint32_t i = 0; i < s->h->commit_count; i++)
		s->after[s->order[i]] = force_after(s, s->order[i]);
	uint32_t head = s->h->has_head ? history_find_commit(s->h, &s->h->head_id) : HISTORY_NONE;
	s->head = head == HISTORY_NONE ? STANDING_NONE : s->after[head];
	TRY(limit_owners(b));
	return standing_lines(s, b->input, b->arena, b->err);
}

enum assay_status
standing_find(const struct judge_input *input, struct arena *arena, struct standing **ret_standing,
    struct assay_error *err)
{
	const struct history *h = evidence_facts(input->evidence, HISTORY_KIND);
	const struct states *states = evidence_facts(input->evidence, STATES_KIND);
	*ret_standing = NULL;
	if (h == NULL || states == NULL || h->algo != states->objects.algo)
		return ASSAY_OK;
	struct standing *s = arena_alloc(arena, sizeof *s);
	if (s == NULL)
		return arena_full(err);
	s->h = h;
	s->head = STANDING_NONE;
	struct builder b = { .input = input, .states = states, .arena = arena, .s = s, .err = err };
	TRY(look_at_head(&b));
	*ret_standing = s;
	/* Where no head shows trust metadata, other commits' trees weren't asked for, and nothing was ever in force. */
	if (!s->has_trust)
		return ASSAY_OK;
	TRY(place_folders(&b));
	return settle(&b);
}

const struct standing_folder *
standing_now(const struct standing *s)
{
	return s == NULL || s->head == STANDING_NONE ? NULL : &s->folders[s->head];
}
