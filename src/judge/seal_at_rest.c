/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.at-rest: the maker's own installed systems were held against a release that is known, by receipts that somebody of the roster
 * signed, within the policy's age, and nothing was found. The latest receipt of a system is what counts, whatever it is of: a verification that
 * stops at the seal can't name a release. What was looked at to be installed is a delivery, and no such system. Receipts of others are
 * counted and never block.
 */
#include "drills.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <inttypes.h>
#include <string.h>

static const struct judge_advice advice[] = {
	{ "never-checked", "check a reference system, and keep its receipt: assay verify --receipt FILE --sign KEY --site NAME" },
	{ "check-overdue", "check it now, and then every night from a timer" },
	{ "not-intact", "see what 'assay verify' says there; take the system out of use until it is known" },
	{ "signed-too-late", "have the system checked again, and the receipt signed with a key that is in force" },
	{ "receipt-of-tomorrow", "set that machine's clock, and check again" },
	{ "release-not-given", "give the release that is installed there, too: --release NEW=TREE --release OLD=TREE" },
	{ "record-unread", "have the receipt written anew, as a plain file of that folder" },
	{ "seal-not-valid", "see what seal.signed says, and check again" },
	{ NULL, "check the systems again" },
};

struct state {
	const struct release_base *b;
	const struct release_records *records;
	uint64_t counted, others, elsewhere, deliveries;
};

static const struct roster_key *
signer_of(const struct state *s, const struct receipt *r)
{
	return r->is_signed ? roster_find(s->b->c->input->roster, ROSTER_PERSON, r->key) : NULL;
}

/* Somebody of the roster, with a key that was theirs at the time that the machine claimed, and isn't known to be compromised. */
static bool
is_ours(const struct state *s, const struct receipt *r)
{
	const struct roster_key *k = signer_of(s, r);
	if (k == NULL)
		return !CATCH(rest_signer, true);
	return !CATCH(rest_key_over, k->compromised_since != WHEN_MAX || r->at < k->from || r->at >= k->until || r->at >= k->retired);
}

/* Of the release that is judged, or of one that was given behind it. */
static bool
is_known(const struct state *s, const struct receipt *r)
{
	bool known = false;
	for (size_t i = 0; i < s->b->all->count; i++) {
		const struct release_seal *seal = &s->b->all->items[i];
		char digest[2 * ASSAY_SHA256_SIZE + 1];
		text_hex((struct assay_span){ seal->release.digest, ASSAY_SHA256_SIZE }, digest);
		known = known || (seal->is_read && release_root_fits(s->b, seal) && strcmp(r->release, digest) == 0);
	}
	return known && strcmp(r->root, s->b->seal->fingerprint) == 0;
}

static bool
of_a_system(const struct receipt *r)
{
	return !CATCH(rest_installing, r->installing);
}

static bool
is_ill(const struct receipt *r)
{
	return strcmp(r->outcome, "intact") != 0;
}

/* Bad news aren't replaced by what may be of another system, nor by what is yet to come. */
static bool
replaces(const struct state *s, const struct receipt *x, const struct receipt *r)
{
	if (x == r || strcmp(x->site, r->site) != 0 || x->at <= r->at || !is_ours(s, x) || !of_a_system(x))
		return false;
	if (!is_ill(r))
		return true;
	return !CATCH(rest_unnamed, r->site[0] == '\0') && !CATCH(rest_ahead, x->at >= s->b->c->input->date + WHEN_DAY);
}

/* An older one says nothing of what came after it, be it of another release or of none. */
static bool
is_latest(const struct state *s, const struct receipt *r)
{
	bool latest = true;
	for (size_t i = 0; latest && i < s->records->receipt_count; i++)
		latest = !replaces(s, &s->records->receipts[i], r);
	return latest;
}

static const char *
name_of(const struct receipt *r)
{
	return r->site[0] == '\0' ? "a system without a name" : r->site;
}

static enum assay_status
judge_receipt(const struct state *s, const struct receipt *r)
{
	const struct release_base *b = s->b;
	const int64_t day = b->c->input->date;
	const uint32_t days = b->policy->at_rest_days;
	const char *site = name_of(r);
	if (CATCH(rest_tomorrow, r->at >= day + (int64_t)2 * WHEN_DAY))
		return judge_find(b->c, b->v, false, "receipt-of-tomorrow", site, r->file, b->err, "'%s' was checked at %s, which is yet to come", site,
		    r->at_text);
	if (CATCH(rest_not_intact, is_ill(r)))
		return judge_find(b->c, b->v, true, "not-intact", site, r->file, b->err, "'%s' was %s at %s", site, r->outcome, r->at_text);
	if (CATCH(rest_not_given, !is_known(s, r)))
		return judge_find(b->c, b->v, false, "release-not-given", site, r->file, b->err,
		    "what was installed on '%s' at %s is none of the releases that were given", site, r->at_text);
	if (CATCH(rest_overdue, r->at < day - (int64_t)days * WHEN_DAY))
		return judge_find(b->c, b->v, true, "check-overdue", site, r->file, b->err,
		    "'%s' was checked at %s for the last time, and is to be every %" PRIu32 " days", site, r->at_text, days);
	return ASSAY_OK;
}

/* A key that isn't in force vouches for nothing; that it brings bad news is no reason not to listen. */
static enum assay_status
judge_late(const struct state *s, const struct receipt *r)
{
	const struct release_base *b = s->b;
	if (!CATCH(rest_late, signer_of(s, r) != NULL && is_ill(r) && is_latest(s, r)))
		return ASSAY_OK;
	return judge_find(b->c, b->v, false, "signed-too-late", name_of(r), r->file, b->err,
	    "'%s' was %s at %s, by a receipt that is signed with a key which wasn't in force then", name_of(r), r->outcome, r->at_text);
}

static enum assay_status
judge_one(struct state *s, const struct receipt *r)
{
	if (!of_a_system(r)) {
		s->deliveries++;
		return ASSAY_OK;
	}
	if (!is_ours(s, r)) {
		s->others++;
		return judge_late(s, r);
	}
	if (CATCH(rest_elsewhere, !is_known(s, r)))
		s->elsewhere++;
	else
		s->counted++;
	return is_latest(s, r) ? judge_receipt(s, r) : ASSAY_OK;
}

static enum assay_status
judge_receipts(struct state *s)
{
	const struct release_base *b = s->b;
	for (size_t i = 0; i < s->records->receipt_count; i++)
		TRY(judge_one(s, &s->records->receipts[i]));
	TRY(drills_unread(b, s->records));
	if (CATCH(rest_never, s->counted == 0))
		return judge_find(b->c, b->v, true, "never-checked", b->seal->name, NULL, b->err,
		    "no receipt that somebody of the roster signed says that an installed system was held against this release");
	return ASSAY_OK;
}

enum assay_status
judge_seal_at_rest(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct release_base b;
	bool holds = false, given = false;
	release_base_of_records(c, v, &b, &given, err);
	if (!given)
		return ASSAY_OK;
	struct state s = { .b = &b, .records = evidence_facts(c->input->evidence, RELEASE_RECORDS_KIND) };
	TRY(release_must_hold(&b, &holds));
	if (holds)
		TRY(judge_receipts(&s));
	judge_count(v, "receipts of ours", s.counted);
	judge_count(v, "receipts of others", s.others);
	judge_count(v, "receipts of other releases", s.elsewhere);
	judge_count(v, "receipts of deliveries", s.deliveries);
	return judge_conclude(c, v, s.counted, "our own installed systems were checked in time, and nothing in them differs from a release", advice,
	    err);
}
