/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims about what policy and roster say: numbers, ages, roles.
 */
#include "record.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/when.h>
#include <judge/claims.h>
#include <string.h>

/* The longest that a person could mean: three months are 92 days, a year is 366. */
static int64_t
days_of(struct docs_number n)
{
	const int64_t m = n.value;
	return n.unit == DOCS_MONTHS ? m / 12 * 366 + m % 12 / 3 * 92 + m % 3 * 31 : m;
}

static enum assay_status
set(const struct judge_context *c, struct claim *claim, enum claim_state state, const char *fact, struct assay_error *err)
{
	(void)c;
	/* What is contradicted stays so. */
	if (claim->state == CLAIM_CONTRADICTED)
		return ASSAY_OK;
	claim->state = state;
	claim->fact = fact;
	return fact != NULL ? ASSAY_OK : arena_full(err);
}

static bool
counts(const struct judge_context *c, const struct roster_key *k)
{
	const int64_t now = c->input->date;
	return !k->pending && k->from < now + WHEN_DAY && k->until > now && k->retired > now && k->compromised_since == WHEN_MAX;
}

static uint32_t
people_with_keys(const struct judge_context *c)
{
	const struct roster *r = c->input->roster;
	uint32_t people = 0;
	for (size_t i = 0; i < r->count; i++) {
		bool any = false;
		for (size_t k = 0; k < r->entries[i].key_count && r->entries[i].kind == ROSTER_PERSON; k++)
			any = any || counts(c, &r->entries[i].keys[k]);
		people += any;
	}
	return people;
}

enum assay_status
claim_check_people(const struct judge_context *c, struct claim *claim, struct assay_error *err)
{
	const uint32_t people = people_with_keys(c);
	if (CATCH(claim_many_people, people < claim->number.value))
		return set(c, claim, CLAIM_CONTRADICTED, arena_printf(c->arena,
			"%s has %u people with a key that counts today", ROSTER_PATH, people), err);
	return ASSAY_OK;
}

/* So many, none of them the author. */
enum assay_status
claim_check_reviewers(const struct judge_context *c, struct claim *claim, struct assay_error *err)
{
	const uint32_t people = people_with_keys(c);
	if (CATCH(claim_two_reviewers, people <= claim->number.value))
		return set(c, claim, CLAIM_CONTRADICTED, arena_printf(c->arena,
			"%s has %u people with a key that counts today, the author among them", ROSTER_PATH, people), err);
	return ASSAY_OK;
}

enum assay_status
claim_check_access_review(const struct judge_context *c, struct claim *claim, struct assay_error *err)
{
	const uint32_t days = c->input->policy->access_review_days;
	if (CATCH(claim_review_ask, (int64_t)days > days_of(claim->number)))
		return set(c, claim, CLAIM_CONTRADICTED, arena_printf(c->arena, "%s asks for a review in %u days alone",
			POLICY_PATH, days), err);
	return ASSAY_OK;
}

enum assay_status
claim_check_policy_review(const struct judge_context *c, struct claim *claim, struct assay_error *err)
{
	const struct policy_document *d = claim->document;
	if (d->review_by == WHEN_MIN || d->approved_on == WHEN_MIN)
		return set(c, claim, CLAIM_UNENFORCED, arena_printf(c->arena,
			"%s doesn't say when it was approved and is to be reviewed", POLICY_PATH), err);
	const int64_t days = (d->review_by - d->approved_on) / WHEN_DAY;
	if (CATCH(claim_yearly_policy, days > days_of(claim->number)))
		return set(c, claim, CLAIM_CONTRADICTED, arena_printf(c->arena,
			"%s sets the next review %lld days after the approval", POLICY_PATH, (long long)days), err);
	if (CATCH(claim_review_overdue, when_day(d->review_by) < c->input->date))
		return set(c, claim, CLAIM_CONTRADICTED, arena_str(c->arena, "the review is overdue"), err);
	return ASSAY_OK;
}

enum assay_status
claim_check_approved_by(const struct judge_context *c, struct claim *claim, struct assay_error *err)
{
	const struct yaml_strings *by = &claim->document->approved_by;
	if (by->count == 0)
		return set(c, claim, CLAIM_CONTRADICTED, arena_printf(c->arena, "%s names nobody who approved it", POLICY_PATH),
		    err);
	for (size_t i = 0; i < by->count; i++) {
		if (roster_has_role(record_person(c, by->items[i]), claim->word))
			return ASSAY_OK;
	}
	if (CATCH(claim_approver_role, true))
		return set(c, claim, CLAIM_CONTRADICTED, arena_printf(c->arena,
			"nobody who approved it has the role '%s' in %s", claim->word, ROSTER_PATH), err);
	return ASSAY_OK;
}

/* How long a key counts, or has counted until today. */
static int64_t
days_in_use(const struct judge_context *c, const struct roster_key *k)
{
	int64_t end = k->until < k->retired ? k->until : k->retired;
	end = end == WHEN_MAX ? c->input->date : end;
	return k->from == WHEN_MIN ? INT64_MAX : (end - k->from) / WHEN_DAY;
}

enum assay_status
claim_check_rotation(const struct judge_context *c, struct claim *claim, struct assay_error *err)
{
	const struct roster *r = c->input->roster;
	size_t looked_at = 0;
	for (size_t i = 0; i < r->count; i++) {
		for (size_t n = 0; n < r->entries[i].key_count && r->entries[i].kind == ROSTER_PERSON; n++) {
			const struct roster_key *k = &r->entries[i].keys[n];
			looked_at += counts(c, k);
			if (CATCH(claim_rotation_key, counts(c, k) && days_in_use(c, k) > days_of(claim->number)))
				return set(c, claim, CLAIM_CONTRADICTED, arena_printf(c->arena,
					"a key of '%s' is in use for longer, or has no beginning (%s, line %u)",
					r->entries[i].id, ROSTER_PATH, k->line), err);
		}
	}
	if (looked_at == 0)
		return set(c, claim, CLAIM_UNENFORCED, arena_printf(c->arena, "%s has no key that counts today", ROSTER_PATH),
		    err);
	return ASSAY_OK;
}

enum assay_status
claim_check_skew(const struct judge_context *c, struct claim *claim, struct assay_error *err)
{
	const uint32_t skew = c->input->policy->skew_seconds;
	if (CATCH(claim_exact_clocks, skew > claim->number.value))
		return set(c, claim, CLAIM_CONTRADICTED, arena_printf(c->arena, "%s allows %u seconds", POLICY_PATH, skew), err);
	return ASSAY_OK;
}

enum assay_status
claim_check_platform(const struct judge_context *c, struct claim *claim, struct assay_error *err)
{
	static const char *const words[] = { "refuse", "merges", "accept" };
	const size_t all = sizeof words / sizeof words[0], rule = c->input->policy->platform;
	for (size_t i = 0; i < all; i++) {
		if (strcmp(words[i], claim->word) != 0)
			continue;
		if (CATCH(claim_forge_keys, rule > i))
			return set(c, claim, CLAIM_CONTRADICTED, arena_printf(c->arena, "%s says '%s'", POLICY_PATH,
				words[rule < all ? rule : all - 1]), err);
		return ASSAY_OK;
	}
	return set(c, claim, CLAIM_UNENFORCED, arena_str(c->arena, "the word is none of refuse, merges, accept"), err);
}

enum assay_status
claim_check_nothing(const struct judge_context *c, struct claim *claim, struct assay_error *err)
{
	return set(c, claim, CLAIM_UNENFORCED, arena_str(c->arena, "nothing that this version looks at shows it"), err);
}

enum assay_status
claim_check_person(const struct judge_context *c, struct claim *claim, struct assay_error *err)
{
	return set(c, claim, CLAIM_UNENFORCED, arena_str(c->arena, "a person has to see to it"), err);
}
