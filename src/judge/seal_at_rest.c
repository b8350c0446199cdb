/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.at-rest: the maker's own installed systems were held against a release that is known, by receipts that somebody of the roster
 * signed, within the policy's age, and nothing was found. The latest receipt of a system is what counts, whatever it is of: a verification that
 * stops at the seal can't name a release. Receipts of others are counted and never block.
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
	{ "receipt-of-tomorrow", "set that machine's clock, and check again" },
	{ "release-not-given", "give the release that is installed there, too: --release NEW=TREE --release OLD=TREE" },
	{ "record-unread", "have the receipt written anew, as a plain file of that folder" },
	{ "seal-not-valid", "see what seal.signed says, and check again" },
	{ NULL, "check the systems again" },
};

struct state {
	const struct release_base *b;
	const struct release_records *records;
	uint64_t counted, others, elsewhere;
};

/* Somebody of the roster, with a key that was theirs at the time that the machine claimed, and isn't known to be compromised. */
static bool
is_ours(const struct state *s, const struct receipt *r)
{
	const struct roster_key *k = r->is_signed ? roster_find(s->b->c->input->roster, ROSTER_PERSON, r->key) : NULL;
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
counts(const struct state *s, const struct receipt *r)
{
	return is_ours(s, r) && !CATCH(rest_elsewhere, !is_known(s, r));
}

/* An older one says nothing of what came after it, be it of another release or of none. */
static bool
is_latest(const struct state *s, const struct receipt *r)
{
	for (size_t i = 0; i < s->records->receipt_count; i++) {
		const struct receipt *x = &s->records->receipts[i];
		if (x != r && strcmp(x->site, r->site) == 0 && x->at > r->at && is_ours(s, x))
			return false;
	}
	return true;
}

static enum assay_status
judge_receipt(const struct state *s, const struct receipt *r)
{
	const struct release_base *b = s->b;
	const int64_t day = b->c->input->date;
	const uint32_t days = b->policy->at_rest_days;
	const char *site = r->site[0] == '\0' ? "a system without a name" : r->site;
	if (CATCH(rest_tomorrow, r->at >= day + (int64_t)2 * WHEN_DAY))
		return judge_find(b->c, b->v, false, "receipt-of-tomorrow", site, r->file, b->err, "'%s' was checked at %s, which is yet to come", site,
		    r->at_text);
	if (CATCH(rest_not_intact, strcmp(r->outcome, "intact") != 0))
		return judge_find(b->c, b->v, true, "not-intact", site, r->file, b->err, "'%s' was %s at %s", site, r->outcome, r->at_text);
	if (CATCH(rest_not_given, !is_known(s, r)))
		return judge_find(b->c, b->v, false, "release-not-given", site, r->file, b->err,
		    "what was installed on '%s' at %s is none of the releases that were given", site, r->at_text);
	if (CATCH(rest_overdue, r->at < day - (int64_t)days * WHEN_DAY))
		return judge_find(b->c, b->v, true, "check-overdue", site, r->file, b->err,
		    "'%s' was checked at %s for the last time, and is to be every %" PRIu32 " days", site, r->at_text, days);
	return ASSAY_OK;
}

static enum assay_status
judge_receipts(struct state *s)
{
	const struct release_base *b = s->b;
	for (size_t i = 0; i < s->records->receipt_count; i++) {
		const struct receipt *r = &s->records->receipts[i];
		const bool ours = is_ours(s, r), counted = counts(s, r);
		s->others += !ours;
		s->elsewhere += ours && !counted;
		s->counted += counted;
		if (ours && is_latest(s, r))
			TRY(judge_receipt(s, r));
	}
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
	return judge_conclude(c, v, s.counted, "our own installed systems were checked in time, and nothing in them differs from a release", advice,
	    err);
}
