/* SPDX-License-Identifier: Apache-2.0 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <judge/claims.h>
#include <string.h>

const struct claim_kind *
claim_kind_find(const char *name)
{
	for (size_t i = 0; i < claim_kind_count; i++) {
		if (strcmp(claim_kinds[i].name, name) == 0)
			return &claim_kinds[i];
	}
	for (size_t i = 0; i < claim_kind_count; i++) {
		const struct claim_kind *k = &claim_kinds[i];
		if (k->control != NULL && k->parameter == CLAIM_NOTHING && strcmp(k->control, name) == 0)
			return k;
	}
	return NULL;
}

bool
claim_read(const struct docs_mark *m, const struct claim_kind *kind, struct claim *ret_claim)
{
	struct claim claim = { .kind = kind };
	if (kind->parameter == CLAIM_NOTHING) {
		*ret_claim = claim;
		return m->word_count == 1;
	}
	if (kind->parameter == CLAIM_WORD) {
		claim.word = m->word_count == 2 ? m->words[1] : NULL;
		*ret_claim = claim;
		return claim.word != NULL;
	}
	if (!docs_number_of(m, 1, &claim.number))
		return false;
	*ret_claim = claim;
	const bool period = claim.number.unit == DOCS_DAYS || claim.number.unit == DOCS_MONTHS;
	return claim.number.value > 0 && (kind->parameter == CLAIM_PERIOD ? period : claim.number.unit == DOCS_COUNT);
}

/* ---- the sentence ---- */

static bool
states(const struct claim *claim, const char *sentence)
{
	struct docs_number numbers[DOCS_NUMBERS_MAX];
	const struct docs_number wanted = claim->number;
	if (claim->kind->parameter == CLAIM_NUMBER)
		return claim_counts(claim, sentence);
	const size_t count = docs_numbers(sentence, numbers);
	for (size_t i = 0; i < count; i++) {
		const enum docs_unit unit = claim->kind->parameter == CLAIM_SECONDS ? DOCS_SECONDS : wanted.unit;
		if (numbers[i].value == wanted.value && numbers[i].unit == unit)
			return true;
	}
	return false;
}

/* As a word of its own: a trainee's role isn't the role. */
static bool
has_word(const char *sentence, const char *word)
{
	static const char joined[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	const size_t n = strlen(word);
	for (const char *at = strstr(sentence, word); at != NULL; at = strstr(at + 1, word)) {
		const bool begins = at == sentence || strchr(joined, at[-1]) == NULL;
		if (begins && (at[n] == '\0' || strchr(joined, at[n]) == NULL))
			return true;
	}
	return false;
}

/* A kind whose role is one of the check's own words doesn't say it. */
static bool
names_role(const struct claim *claim, const char *sentence)
{
	return claim->word == NULL || claim->kind->english[0] == '%' || has_word(sentence, claim->word);
}

static bool
asks(const char *sentence)
{
	size_t n = strlen(sentence);
	while (n > 0 && strchr(" \n\t)\"'", sentence[n - 1]) != NULL)
		n--;
	return n > 0 && sentence[n - 1] == '?';
}

/* What keeps it from saying anything; NULL: nothing. */
static const char *
says_nothing(const char *sentence)
{
	if (CATCH(mark_unreadable, !docs_plain(sentence)))
		return "it is too long, or has letters of another alphabet: what it says can't be told";
	if (CATCH(mark_question, asks(sentence)))
		return "it is a question";
	return NULL;
}

static const char *
says_otherwise(const struct claim_kind *k, const char *sentence)
{
	const bool denies = docs_denies(sentence, false);
	const bool right = docs_says(sentence, k->says), wrong = k->denies != NULL && docs_says(sentence, k->denies);
	if (CATCH(mark_something_else, !right && !wrong))
		return "it is about something else";
	if (CATCH(mark_opposite, (right || wrong) && !(denies ? wrong : right)))
		return "it seems to say the opposite";
	if (CATCH(mark_quotes_denial, denies != docs_denies(sentence, true)))
		return "it may deny it or not, by words in quotes";
	return NULL;
}

bool
claim_fits(const struct claim *claim, const char *sentence, const char **ret_why)
{
	const char *why = says_nothing(sentence);
	if (why == NULL)
		why = says_otherwise(claim->kind, sentence);
	if (CATCH(mark_leaves_open, why == NULL && claim_limited(claim, sentence)))
		why = "it holds sometimes, for some or under a condition, or leaves it open";
	else if (CATCH(mark_another_number, why == NULL && claim->number.value > 0 && !states(claim, sentence)))
		why = "it doesn't state that number";
	else if (CATCH(mark_another_role, why == NULL && !names_role(claim, sentence)))
		why = "it doesn't name that role";
	*ret_why = why;
	/* What a person has to see to may stand in any words. */
	return why == NULL || claim->kind->english == NULL;
}

/* ---- the facts ---- */

static enum assay_status
rest_on(const struct judge_context *c, const char *control, struct claim *claim, struct assay_error *err)
{
	const struct control_verdict *v = judge_verdict_of(c, control);
	const bool holds = v != NULL && (v->verdict == VERDICT_PASS || v->unauthorised);
	if (v != NULL)
		claim->grade = v->grade;
	if (holds) {
		claim->state = CLAIM_TRUE;
		return ASSAY_OK;
	}
	const bool fails = v != NULL && CATCH(claim_signed_not, v->verdict == VERDICT_FAIL);
	claim->state = fails ? CLAIM_CONTRADICTED : CLAIM_UNENFORCED;
	claim->fact = arena_printf(c->arena, "%s is %s: %s", control, v == NULL ? "unknown" : verdict_name(v->verdict),
	    v == NULL ? "it wasn't asked for" : v->reason);
	return claim->fact != NULL ? ASSAY_OK : arena_full(err);
}

enum assay_status
claim_judge(const struct judge_context *c, struct claim *claim, struct assay_error *err)
{
	claim->grade = (struct grade){ GRADE_RECOMPUTED, GRADE_DEMONSTRATED };
	claim->state = CLAIM_TRUE;
	if (claim->kind->control != NULL)
		TRY(rest_on(c, claim->kind->control, claim, err));
	return claim->kind->check != NULL ? claim->kind->check(c, claim, err) : ASSAY_OK;
}
