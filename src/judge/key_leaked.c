/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key.leaked: no private key lies in the repository's objects, nor in folders that were given; least of all one that somebody relies on.
 */
#include "key_whose.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <evidence/leaks.h>
#include <string.h>

struct state {
	const struct judge_context *c;
	struct control_verdict *v;
	struct key_owners owners;
	uint64_t accepted, keys, encrypted, unseen;
	struct assay_error *err;
};

/* "file 'a/b' of commit 1234" and the like, and a place to tell it by. */
static enum assay_status
where(const struct state *s, const struct leaks_hit *h, const char **ret_words, const char **ret_object)
{
	struct arena *arena = s->c->arena;
	const bool message = strcmp(h->type, "commit") == 0 || strcmp(h->type, "tag") == 0;
	CLEANUP(buf_done) struct buf path = BUF_INIT((size_t)1 << 18);
	text_escape(&path, assay_span_str(h->path), false);
	const char *what = message ? arena_printf(arena, "the message of %s %s", h->type, h->object)
	    : h->path[0] != '\0'   ? arena_printf(arena, "'%s'", buf_str(&path))
				   : arena_printf(arena, "blob %s", h->object);
	const char *by = strcmp(h->type, "file") == 0 || message ? ""
	    : h->commit[0] != '\0' ? arena_printf(arena, " of %s%s (blob %s)", h->head ? "HEAD's commit " : "", h->commit, h->object)
				   : " that no commit or tag leads to";
	if (what == NULL || by == NULL)
		return arena_full(s->err);
	*ret_words = arena_printf(arena, "%s%s", what, by);
	*ret_object = h->object[0] != '\0' ? h->object : h->path;
	return *ret_words == NULL ? arena_full(s->err) : ASSAY_OK;
}

static const char *
told_by(const struct leaks_hit *h)
{
	return h->public_count > 0 ? h->publics[0] : h->digest;
}

/* ---- what is accepted ---- */

static bool
is_named(const struct policy_accepted_key *k, const struct leaks_hit *h)
{
	for (size_t i = 0; k->public_key != NULL && i < h->public_count; i++)
		if (strcmp(k->public_key, h->publics[i]) == 0)
			return true;
	return k->content != NULL && h->digest[0] != '\0' && strcmp(k->content, h->digest) == 0;
}

/* Both the path and the key have to be the record's. */
static bool
is_accepted(const struct state *s, const struct leaks_hit *h)
{
	const struct policy *p = s->c->input->policy;
	for (size_t i = 0; p != NULL && i < p->accepted_key_count; i++) {
		const struct policy_accepted_key *k = &p->accepted_keys[i];
		if (text_match(assay_span_str(k->path), assay_span_str(h->path)) && is_named(k, h))
			return true;
	}
	return false;
}

/* ---- findings ---- */

struct kind {
	const char *id;
	bool gap;
	const char *words;
};

static enum assay_status
find(struct state *s, const struct kind *k, const struct leaks_hit *h, const char *whose)
{
	const char *words, *object;
	TRY(where(s, h, &words, &object));
	struct judge_place place = { object, h->path[0] != '\0' ? h->path : NULL, 0, 0, told_by(h) };
	const bool public = h->public_count > 0;
	return judge_find_at(s->c, s->v, k->gap, k->id, &place, s->err, "%s%s%s (%s, byte %s) in %s%s%s", k->words, whose != NULL ? " of " : "",
	    whose != NULL ? whose : "", h->form, h->offset, words, told_by(h)[0] != '\0' ? public ? "; public key " : "; content " : "", told_by(h));
}

static bool
is_in(const char *const *list, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

/* Also what an inventory of another revision named: a key that was taken off the list can still sign. */
static const char *
whose_is(const struct state *s, const struct leaks_hit *h)
{
	const char *whose = key_whose(&s->owners, h);
	const struct leaks_facts *repository = evidence_facts(s->c->input->evidence, LEAKS_KIND);
	if (CATCH(leaked_listed, whose != NULL))
		return whose;
	for (size_t i = 0; i < h->public_count && repository != NULL; i++)
		if (CATCH(leaked_listed_once, is_in(repository->listed, repository->listed_count, h->publics[i])))
			return "an earlier key inventory";
	return NULL;
}

static enum assay_status
judge_hit(struct state *s, const struct leaks_hit *h)
{
	static const struct kind signing = { "signing-key-leaked", true, "the private key" };
	static const struct kind plain = { "private-key-found", true, "a private key" };
	static const struct kind sealed = { "encrypted-key-found", true, "a private key behind a passphrase" };
	static const struct kind broken = { "looks-like-key", false, "what begins as a private key and can't be read as one" };
	static const struct kind unseen = { "not-looked-into", false, "not looked into:" };
	const char *whose = whose_is(s, h);
	const bool key = strcmp(h->state, leak_state_name(LEAK_KEY)) == 0, encrypted = strcmp(h->state, leak_state_name(LEAK_ENCRYPTED)) == 0,
		   looks = strcmp(h->state, leak_state_name(LEAK_BROKEN)) == 0;
	s->keys += key;
	s->encrypted += encrypted;
	/* No record makes a key good that others rely on. */
	if (whose != NULL)
		return find(s, &signing, h, whose);
	if (is_accepted(s, h)) {
		s->accepted++;
		return ASSAY_OK;
	}
	if (CATCH(leaked_private, key))
		return find(s, &plain, h, NULL);
	if (CATCH(leaked_encrypted, encrypted))
		return find(s, &sealed, h, NULL);
	if (CATCH(leaked_broken, looks))
		return find(s, &broken, h, NULL);
	if (CATCH(leaked_not_looked_into, !key && !encrypted && !looks))
		return find(s, &unseen, h, NULL);
	return ASSAY_OK;
}

static enum assay_status
judge_facts(struct state *s, const struct leaks_facts *f)
{
	for (size_t i = 0; i < f->hit_count; i++)
		TRY(judge_hit(s, &f->hits[i]));
	for (size_t i = 0; i < f->unseen_count; i++) {
		const struct judge_place place = { f->unseen[i].what, NULL, 0, 0, f->unseen[i].why };
		s->unseen++;
		if (CATCH(leaked_unseen, f->unseen[i].what[0] != '\0'))
			TRY(judge_find_at(s->c, s->v, false, "not-searched", &place, s->err, "'%s' was not searched: %s", f->unseen[i].what,
			    f->unseen[i].why));
	}
	if (f->more > 0)
		judge_find_more(s->v, true, "private-key-found", f->more);
	return ASSAY_OK;
}

/* Whoever can write the policy could accept anything; so acceptance counts by somebody's authority. */
static enum assay_status
judge_acceptance(struct state *s)
{
	if (CATCH(leaked_accepted_by_nobody, s->accepted > 0 && !judge_authorised(s->c)))
		TRY(judge_find(s->c, s->v, false, "accepted-without-authority", NULL, NULL, s->err,
		    "policy.yaml accepts %llu private keys, and nobody has settled who may decide that", (unsigned long long)s->accepted));
	if (CATCH(leaked_owners_unread, s->owners.unread))
		TRY(judge_find(s->c, s->v, false, "inventory-unread", NULL, NULL, s->err,
		    "the key inventory, the trust metadata or that of a release can't be read: whose a private key is can't be told by it"));
	return ASSAY_OK;
}

static uint64_t
number(const char *digits)
{
	uint64_t n = 0;
	return text_to_u64(assay_span_str(digits), &n) == ASSAY_OK ? n : 0;
}

static const struct judge_advice advice[] = {
	{ "signing-key-leaked", "stop signing with it today, rotate it and tell those who verify ('assay trust rotate'); then take it out of the "
				"history (git filter-repo --invert-paths --path PATH) and count it as public for ever: every clone has it" },
	{ "private-key-found", "find out what it opens and replace it there; a key that only tests use goes into policy.yaml: 'keys: {accepted: [{path: "
			       "tests/KEY.pem, public-key: DIGEST, reason: ...}]}' with the digest of the finding" },
	{ "encrypted-key-found", "a passphrase can be tried at leisure by whoever has a clone: replace the key; one that only tests use goes into "
				 "policy.yaml under 'keys: accepted:', by its public key or, where none is told, by 'content: DIGEST'" },
	{ "looks-like-key", "look at it: a damaged or cut-off key may still be worth something; what is none goes into policy.yaml under 'keys: "
			    "accepted:'" },
	{ "not-looked-into", "unpack it and give the folder with --scan, or accept the file in policy.yaml under 'keys: accepted:' by 'content: DIGEST'" },
	{ "not-searched", "make a full clone (git fetch --unshallow, git clone without --filter), run git fsck, and check again" },
	{ "accepted-without-authority", "have the policy signed: 'assay trust init', then 'assay trust sign'" },
	{ "inventory-unread", "mend assay/keys.yaml and assay/trust/, give releases with the seals as they were made, and check again" },
	{ NULL, "see to what kept it from being read, and check again" },
};

enum assay_status
judge_key_leaked(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct state s = { .c = c, .v = v, .err = err };
	const struct leaks_facts *f = evidence_facts(c->input->evidence, LEAKS_KIND);
	const struct leaks_facts *files = evidence_facts(c->input->evidence, LEAKS_FILES_KIND);
	uint64_t submodules = 0;
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	TRY(key_owners_read(c, &s.owners, err));
	TRY(judge_facts(&s, f));
	if (files != NULL)
		TRY(judge_facts(&s, files));
	TRY(judge_acceptance(&s));
	for (size_t i = 0; i < tree->sources.count; i++)
		submodules += (tree->sources.files[i].mode & SOURCE_FORMAT) == SOURCE_SUBMODULE;
	judge_count(v, "contents searched", number(f->contents));
	judge_count(v, "bytes searched", number(f->bytes));
	judge_count(v, "files of given folders searched", files == NULL ? 0 : number(files->contents));
	judge_count(v, "private keys", s.keys);
	judge_count(v, "private keys behind a passphrase", s.encrypted);
	judge_count(v, "accepted by the policy", s.accepted);
	judge_count(v, "things not searched", s.unseen);
	judge_count(v, "submodules, which are repositories of their own", submodules);
	return judge_conclude(c, v, number(f->contents), "no private key lies in any object of the repository", advice, err);
}
