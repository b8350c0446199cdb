/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.signed: the release is signed by as many people as the policy asks, with keys that may do so today, of allowed algorithms, under
 * the pinned root; and each file of the seal is the one that was signed.
 */
#include "release.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <inttypes.h>
#include <leak/find.h>
#include <string.h>

static const struct judge_advice advice[] = {
	{ "foreign-root", "find out who sealed it: compare the fingerprint with the one that you were given, and seal under the repository's own authority" },
	{ "root-chain", "copy all roots of assay/trust/ into the seal, as 'assay seal' does" },
	{ "no-authority", "have the targets role sign who holds the role 'release': assay trust rotate, assay trust sign" },
	{ "unsigned", "have as many people sign as it takes: assay seal --add-signature" },
	{ "too-few-keys", "have a second person sign: assay seal --add-signature" },
	{ "same-person", "have another person sign: assay seal --add-signature" },
	{ "too-few-people", "have a second person sign: assay seal --add-signature" },
	{ "threshold-too-low", "raise it: assay trust rotate --threshold release=N, sign, and seal again" },
	{ "role-too-small", "enrol another person: assay trust add-key --role release" },
	{ "expired", "seal it anew with a later end, and give out that one" },
	{ "authority-older", "seal again, so that the seal has today's targets.json" },
	{ "roots-older", "copy the newer roots of assay/trust/ into the seal, as 'assay seal' does: they need no new signature" },
	{ "roots-forked", "find out who signed that root; until then nobody may install it" },
	{ "authority-newer", "check at a commit that has the newest assay/trust/" },
	{ "algorithm-not-allowed", "enrol another key (assay trust add-key), take this one out (assay trust rotate --remove), and seal again" },
	{ "compromised-key", "take the key out (assay trust rotate --remove), seal again, and tell the operators" },
	{ "key-of-another", "correct the roster or the enrolment: one key is one person's" },
	{ "signer-unknown", "name them in assay/roster.yaml, by the id that the key was enrolled with" },
	{ "key-window-over", "seal again with a key that is in its window" },
	{ "signer-not-entitled", "seal again with keys that may release today" },
	{ "wrong-product", "give the release of a product that the policy names, or name this one: release: products:" },
	{ "member-not-read", "see what lies under that name in the seal" },
	{ NULL, "seal the release again: assay seal" },
};

/* Of the roster, whichever algorithm it is of: both are written anew in one form. The form of a signer was checked as it was read. */
static const struct roster_key *
roster_key_of(const struct roster *roster, const struct release_signer *x)
{
	unsigned char wanted[ASSAY_SHA256_SIZE], digest[ASSAY_SHA256_SIZE];
	const bool is = leak_public_of_spki((struct assay_span){ x->spki, x->spki_len }, wanted);
	for (size_t i = 0; is && i < roster->count; i++) {
		const struct roster_entry *e = &roster->entries[i];
		for (size_t k = 0; k < e->key_count; k++) {
			if (leak_public_of_ssh(&e->keys[k].key, digest) && memcmp(digest, wanted, sizeof wanted) == 0)
				return &e->keys[k];
		}
	}
	return NULL;
}

static bool
is_person(const struct roster *roster, const char *id)
{
	for (size_t i = 0; i < roster->count; i++)
		if (roster->entries[i].kind == ROSTER_PERSON && strcmp(roster->entries[i].id, id) == 0)
			return true;
	return false;
}

/* A signature has no time that anybody else saw: what is over now may have been over then. */
static enum assay_status
judge_window(const struct release_base *b, const struct release_signer *x, const struct roster_key *k)
{
	const int64_t day = b->c->input->date;
	if (CATCH(seal_key_compromised, k->compromised_since != WHEN_MAX))
		return judge_find(b->c, b->v, true, "compromised-key", x->person, x->keyid, b->err,
		    "the release is signed with a key of '%s' that is compromised, by the roster", x->person);
	if (CATCH(seal_key_of_another, strcmp(k->owner->id, x->person) != 0))
		return judge_find(b->c, b->v, true, "key-of-another", x->person, x->keyid, b->err,
		    "the key that signed as '%s' is '%s' in the roster", x->person, k->owner->id);
	if (CATCH(seal_key_over, k->until <= day || k->retired <= day || k->from > day))
		return judge_find(b->c, b->v, false, "key-window-over", x->person, x->keyid, b->err,
		    "the key of '%s' is out of its window in the roster, and nobody witnessed when it signed", x->person);
	return ASSAY_OK;
}

/* The key is in today's role, under the same person. */
static bool
is_entitled(const struct authority *now, const struct release_signer *x)
{
	struct assay_tuf_role role;
	struct assay_tuf_key key;
	size_t cursor = 0;
	if (!authority_role(now, "release", &role))
		return false;
	while (assay_tuf_next_key(&role, &cursor, &key)) {
		if (key.spki_len == x->spki_len && memcmp(key.spki, x->spki, x->spki_len) == 0)
			return assay_span_equal(key.person, assay_span_str(x->person));
	}
	return false;
}

static enum assay_status
judge_signer(const struct release_base *b, const struct release_signer *x)
{
	const struct roster *roster = b->c->input->roster;
	const struct roster_key *k = roster_key_of(roster, x);
	if (CATCH(seal_algorithm, (b->policy->algorithms & 1u << x->scheme) == 0))
		TRY(judge_find(b->c, b->v, true, "algorithm-not-allowed", x->person, x->keyid, b->err,
		    "'%s' may sign releases with a key of %s, which the policy doesn't allow", x->person, release_scheme_names[x->scheme]));
	if (!x->signed_it)
		return ASSAY_OK;
	if (CATCH(seal_signer_unknown, !is_person(roster, x->person)))
		TRY(judge_find(b->c, b->v, true, "signer-unknown", x->person, x->keyid, b->err,
		    "the release is signed by '%s', whom the roster doesn't know", x->person));
	if (b->now != NULL && b->now->targets.version != 0 && CATCH(seal_signer_entitled, !is_entitled(b->now, x)))
		TRY(judge_find(b->c, b->v, false, "signer-not-entitled", x->person, x->keyid, b->err,
		    "the key of '%s' may sign no releases any more, and nobody witnessed when it signed this one", x->person));
	return k == NULL ? ASSAY_OK : judge_window(b, x, k);
}

/* How many must sign, and could. */
static enum assay_status
judge_people(const struct release_base *b)
{
	const struct release_seal *s = b->seal;
	const uint32_t wanted = b->policy->people, threshold = s->release.tally.threshold;
	if (CATCH(seal_threshold, threshold < wanted))
		TRY(judge_find(b->c, b->v, true, "threshold-too-low", s->name, NULL, b->err,
		    "whoever installs it asks for %" PRIu32 " of the role 'release', and the policy for %" PRIu32, threshold, wanted));
	if (CATCH(seal_people, s->release.tally.people < wanted))
		TRY(judge_find(b->c, b->v, true, "too-few-people", s->name, NULL, b->err,
		    "signed by %" PRIu32 " of the %" PRIu32 " people that the policy asks for", s->release.tally.people, wanted));
	if (CATCH(seal_role_small, s->role_people < wanted))
		TRY(judge_find(b->c, b->v, true, "role-too-small", s->name, NULL, b->err,
		    "the role 'release' has keys of %" PRIu32 " %s, and the policy asks for %" PRIu32, s->role_people,
		    s->role_people == 1 ? "person" : "people", wanted));
	return ASSAY_OK;
}

/* The roots of the seal are all that somebody has who was told the first one alone: those that HEAD has besides may have taken keys back. */
static enum assay_status
judge_roots(const struct release_base *b)
{
	if (b->now == NULL || b->now->root.version == 0)
		return ASSAY_OK;
	const struct assay_tuf_meta *theirs = &b->seal->check->state.root, *ours = &b->now->root;
	if (CATCH(seal_roots_older, theirs->version < ours->version))
		return judge_find(b->c, b->v, false, "roots-older", b->seal->name, NULL, b->err,
		    "the seal's newest root has version %" PRIu64 ", and HEAD's %" PRIu64, theirs->version, ours->version);
	if (CATCH(seal_roots_newer, theirs->version > ours->version))
		return judge_find(b->c, b->v, false, "authority-newer", b->seal->name, NULL, b->err,
		    "the seal's newest root has version %" PRIu64 ", and HEAD's %" PRIu64, theirs->version, ours->version);
	if (CATCH(seal_roots_forked, !assay_span_equal(theirs->payload, ours->payload)))
		return judge_find(b->c, b->v, true, "roots-forked", b->seal->name, NULL, b->err,
		    "the seal's newest root is another than HEAD's, under the same version %" PRIu64, ours->version);
	return ASSAY_OK;
}

/* Who signed is asked about by itself; this is about who needn't have. */
static enum assay_status
judge_idle_keys(const struct release_base *b)
{
	for (size_t i = 0; i < b->seal->signer_count; i++) {
		const struct release_signer *x = &b->seal->signers[i];
		if (CATCH(seal_authority_idle, !x->signed_it && !is_entitled(b->now, x)))
			TRY(judge_find(b->c, b->v, false, "authority-older", x->person, x->keyid, b->err,
			    "whoever installs it takes what '%s' signs with a key that by HEAD may sign no releases", x->person));
	}
	return ASSAY_OK;
}

/* Who may release, by the seal, against who may by HEAD. */
static enum assay_status
judge_authority(const struct release_base *b)
{
	const struct assay_release_check *check = b->seal->check;
	struct assay_tuf_role role;
	if (b->now == NULL || b->now->targets.version == 0)
		return ASSAY_OK;
	const uint64_t theirs = check->targets.version, ours = b->now->targets.version;
	if (CATCH(seal_authority_newer, theirs > ours))
		return judge_find(b->c, b->v, false, "authority-newer", b->seal->name, NULL, b->err,
		    "the seal's targets.json has version %" PRIu64 ", and HEAD's %" PRIu64, theirs, ours);
	if (CATCH(seal_authority_forked, theirs == ours && !assay_span_equal(check->targets.payload, b->now->targets.payload)))
		return judge_find(b->c, b->v, true, "authority-forked", b->seal->name, NULL, b->err,
		    "the seal's targets.json is another than HEAD's, under the same version %" PRIu64, ours);
	if (theirs < ours && authority_role(b->now, "release", &role) &&
	    CATCH(seal_authority_older, b->seal->release.tally.people < role.threshold))
		return judge_find(b->c, b->v, true, "authority-older", b->seal->name, NULL, b->err,
		    "by version %" PRIu64 " of targets.json fewer people are enough than by HEAD's version %" PRIu64, theirs, ours);
	return theirs < ours ? judge_idle_keys(b) : ASSAY_OK;
}

static bool
is_of_product(const struct release_base *b)
{
	const struct yaml_strings *products = &b->policy->products;
	bool fits = products->count == 0;
	for (size_t i = 0; i < products->count; i++)
		fits = fits || assay_span_equal(b->seal->release.product, assay_span_str(products->items[i]));
	return fits;
}

/* Each file that was signed is there as it was, and no other. */
static enum assay_status
judge_files(const struct release_base *b)
{
	const struct release_seal *s = b->seal;
	for (size_t i = 0; i < RELEASE_FILES; i++) {
		const char *name = release_files[i].name;
		if (CATCH(seal_file_changed, s->has_target[i] && !s->is_good[i]))
			TRY(judge_find(b->c, b->v, true, i == RELEASE_FILE_MANIFEST ? "manifest-changed" : "target-changed", name, NULL, b->err,
			    s->files[i].data == NULL ? "'%s' is signed and isn't in the seal" : "'%s' isn't the one that was signed", name));
		if (CATCH(seal_file_unsigned, release_files[i].target != NULL && !s->has_target[i] && s->files[i].data != NULL))
			TRY(judge_find(b->c, b->v, true, "seal-extra", name, NULL, b->err, "'%s' lies in the seal, and nobody signed it", name));
	}
	if (CATCH(seal_rollback_stray, s->rollback_why != NULL))
		TRY(judge_find(b->c, b->v, true, "seal-extra", "rollback.json", NULL, b->err,
		    "'rollback.json' lies in the seal, and nobody signed it to go back to this release: %s", s->rollback_why));
	if (CATCH(seal_manifest_form, s->manifest_why != NULL))
		TRY(judge_find(b->c, b->v, true, "bad-manifest", "manifest", NULL, b->err, "the manifest was signed and isn't one: %s",
		    s->manifest_why));
	if (CATCH(seal_other_targets, s->other_targets))
		TRY(judge_find(b->c, b->v, false, "target-unknown", s->name, NULL, b->err,
		    "it names files that this version knows nothing of"));
	return ASSAY_OK;
}

static enum assay_status
judge_content(const struct release_base *b)
{
	const struct release_seal *s = b->seal;
	char when[WHEN_TEXT_SIZE];
	when_format_date(s->release.expires, when);
	if (CATCH(seal_expired, s->release.expires <= b->c->input->date))
		TRY(judge_find(b->c, b->v, true, "expired", s->release.expires_file, NULL, b->err,
		    "it expired on %s ('%s'): nobody may install it any more", when, s->release.expires_file));
	if (CATCH(seal_product, !is_of_product(b)))
		TRY(judge_find(b->c, b->v, true, "wrong-product", s->name, NULL, b->err,
		    "it is of the product '%.*s', which the policy doesn't name", (int)s->release.product.len,
		    (const char *)s->release.product.data));
	for (size_t i = 0; i < s->signer_count; i++)
		TRY(judge_signer(b, &s->signers[i]));
	TRY(judge_people(b));
	TRY(judge_roots(b));
	TRY(judge_authority(b));
	return judge_files(b);
}

enum assay_status
judge_seal_signed(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct release_base b;
	release_base_of(c, v, &b, err);
	const struct release_seal *s = b.seal;
	if (CATCH(seal_foreign_root, !release_root_fits(&b, s)))
		TRY(judge_find(c, v, true, "foreign-root", s->name, NULL, err,
		    "its first root has the fingerprint %s, and pinned is %s", s->fingerprint, c->input->root));
	if (CATCH(seal_unread, !s->is_read))
		TRY(judge_find(c, v, true, assay_release_code_name(s->code), s->name, NULL, err, "%s", s->why));
	if (CATCH(seal_left, s->left != NULL))
		TRY(judge_find(c, v, false, "member-not-read", s->name, NULL, err, "the seal has files that could not be read: %s", s->left));
	if (CATCH(seal_others, s->others != NULL))
		TRY(judge_find(c, v, true, "seal-extra", s->name, "others", err, "the seal holds what nobody signed: %s", s->others));
	if (s->is_read) {
		TRY(judge_content(&b));
		judge_count(v, "people who signed", s->release.tally.people);
		judge_count(v, "people asked for", s->release.tally.threshold);
		judge_count(v, "release number", s->release.number);
		judge_count(v, "security counter", s->release.counter);
	}
	const char *reason = arena_printf(c->arena, "%s is signed by enough people who may do so, and its seal is whole", release_title(&b, s));
	return reason == NULL ? arena_full(err) : judge_conclude(c, v, 1, reason, advice, err);
}
