/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.rollback: what is older was tried and refused, and earlier releases are still there and verify.
 */
#include "drills.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <inttypes.h>
#include <string.h>

static const struct judge_advice advice[] = {
	{ "no-drill", "try to install an older release over this one, in a drill: see assay-drill(5)" },
	{ "attack-accepted", "have the verifier keep a floor (assay verify --state), and drill again" },
	{ "previous-not-given", "give the releases before it, too: --release NEW=TREE --release OLD=TREE" },
	{ "previous-not-looked-at", "give what its seal is of: --release OLD=TREE" },
	{ "previous-not-signed", "take the copy from where it is kept as it was given out; an authority that changed since doesn't keep it from verifying" },
	{ "previous-changed", "take the copy from where it is kept as it was given out" },
	{ "previous-expired", "sign it again with a later end, as the newest ones were: assay seal" },
	{ "previous-not-older", "give the newest release first" },
	{ "previous-of-another-product", "give an earlier release of this product" },
	{ "verifier-other", "drill the verifier that operators have: assay drill --verifier FILE, with the file in the release" },
	{ "record-unread", "write the record anew, as a plain file of that folder: see assay-drill(5)" },
	{ "seal-not-valid", "see what seal.signed says, and check again" },
	{ NULL, "see what the drill's record says, mend it, and drill again" },
};

static bool
is_of_rollback(const struct attack *attack)
{
	static const char *const names[] = { "older-release", "lower-counter", "same-number", "rollback-of-another-release", "rollback-expired",
		"rollback-used-twice",
		"rollback-signed-by-one" };
	bool is = false;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		is = is || strcmp(attack->name, names[i]) == 0;
	return is;
}

/* What keeps a verifier from taking a seal that enough people signed; NULL for nothing. */
static const char *
seal_fault(const struct release_seal *s)
{
	for (size_t i = 0; i < RELEASE_FILES; i++) {
		const bool there = s->files[i].data != NULL;
		if (s->has_target[i] ? !s->is_good[i] : release_files[i].target != NULL && there)
			return release_files[i].name;
	}
	if (s->rollback_why != NULL)
		return "rollback.json";
	return s->others != NULL ? s->others : s->left;
}

/* An earlier release, number at among those given; *good counts those that verify. */
static enum assay_status
judge_previous(const struct release_base *b, size_t at, uint64_t *good)
{
	const struct release_seal *s = &b->all->items[at];
	const struct release_look *look = release_look_of(b, at);
	const char *title = release_title(b, s);
	if (CATCH(rollback_previous_signed, !s->is_read || !s->has_manifest || !release_root_fits(b, s)))
		return judge_find(b->c, b->v, true, "previous-not-signed", s->name, NULL, b->err, "the earlier release %s no longer verifies: %s",
		    title, s->is_read ? "its root or its manifest is another" : s->why);
	if (!s->has_manifest)
		return ASSAY_OK;
	if (CATCH(rollback_product, !assay_span_equal(s->release.product, b->seal->release.product)))
		return judge_find(b->c, b->v, true, "previous-of-another-product", s->name, NULL, b->err, "%s isn't an earlier release of this product",
		    title);
	if (CATCH(rollback_not_older, s->release.number >= b->seal->release.number))
		return judge_find(b->c, b->v, true, "previous-not-older", s->name, NULL, b->err, "%s isn't older than the release that is judged", title);
	const char *fault = seal_fault(s);
	if (CATCH(rollback_seal_changed, fault != NULL))
		return judge_find(b->c, b->v, true, "previous-changed", s->name, NULL, b->err, "the seal of %s isn't as it was given out: %s", title,
		    fault);
	if (CATCH(rollback_expired, s->release.expires <= b->c->input->date))
		return judge_find(b->c, b->v, true, "previous-expired", s->name, NULL, b->err,
		    "%s has expired: nobody may install it any more, whoever allows it", title);
	const bool seen = look != NULL && look->has_tree && look->why == NULL;
	if (CATCH(rollback_not_seen, !seen))
		return judge_find(b->c, b->v, false, "previous-not-looked-at", s->name, NULL, b->err,
		    "of %s the seal was given, and what it is of wasn't looked at whole", title);
	if (CATCH(rollback_changed, seen && !assay_span_equal(look->listing, s->files[RELEASE_FILE_MANIFEST])))
		return judge_find(b->c, b->v, true, "previous-changed", s->name, NULL, b->err, "%s isn't what its manifest says any more", title);
	++*good;
	return ASSAY_OK;
}

/* One release is no two, however often it is given. */
static bool
is_given_before(const struct release_base *b, size_t at)
{
	for (size_t i = 1; i < at; i++)
		if (b->all->items[i].release.number == b->all->items[at].release.number)
			return true;
	return false;
}

static enum assay_status
judge_kept(const struct release_base *b, uint64_t *good)
{
	/* Before the first release there is none, and before the third no more than one. */
	const uint64_t before = b->seal->release.number - 1;
	const uint64_t wanted = before < b->policy->keep_previous ? before : b->policy->keep_previous;
	uint64_t kept = 0, again = 0;
	for (size_t i = 1; i < b->all->count; i++) {
		const bool twice = CATCH(rollback_twice, is_given_before(b, i));
		TRY(judge_previous(b, i, twice ? &again : good));
		kept += !twice;
	}
	if (CATCH(rollback_kept, kept < wanted))
		return judge_find(b->c, b->v, false, "previous-not-given", b->seal->name, NULL, b->err,
		    "%" PRIu64 " of the %" PRIu64 " earlier releases that must still be there were given", kept, wanted);
	return ASSAY_OK;
}

enum assay_status
judge_seal_rollback(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct release_base b;
	struct drills d;
	bool holds = false, given = false;
	uint64_t good = 0;
	release_base_of_records(c, v, &b, &given, err);
	if (!given)
		return ASSAY_OK;
	TRY(drills_of(&b, &d));
	TRY(release_must_hold(&b, &holds));
	TRY(drills_unread(&b, d.records));
	if (holds) {
		TRY(judge_kept(&b, &good));
		if (CATCH(rollback_no_drill, d.count == 0))
			TRY(judge_find(c, v, false, "no-drill", b.seal->name, NULL, err,
			    "nobody has tried to install an older release in the place of this one"));
		TRY(drills_judge(&d, is_of_rollback));
	}
	judge_count(v, "earlier releases that verify", good);
	judge_count(v, "attempts at going back", d.tried);
	const char *reason = arena_printf(c->arena,
	    "what is older than %s was refused, and earlier releases verify; a floor in software doesn't stop who administers the system",
	    release_title(&b, b.seal));
	return reason == NULL ? arena_full(err) : judge_conclude(c, v, d.tried, reason, advice, err);
}
