/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reviews, records of competence, and code whose calls are looked for: the first byte says which.
 */
#include <base/cleanup.h>
#include <policy/competence.h>
#include <policy/review.h>
#include <sca/ask.h>
#include <sca/interface.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is written is read back as the same. */
static void
review(struct assay_span bytes, struct arena *arena)
{
	struct assay_error err = { 0 };
	struct review r, again;
	struct review_gaps gaps;
	CLEANUP(buf_done) struct buf one = BUF_INIT(64u << 20), two = BUF_INIT(64u << 20);
	if (review_parse(bytes, "fuzz", OID_SHA1, arena, &r, &err) != ASSAY_OK)
		return;
	if (review_gaps(&r, arena, &gaps, &err) == ASSAY_OK && (gaps.answered > r.question_count || gaps.none > gaps.answered))
		__builtin_trap();
	for (size_t i = 0; i < r.question_count; i++) {
		if (review_flaw_words(review_answer_flaw(&r.questions[i])) == NULL)
			__builtin_trap();
	}
	if (review_write(&r, OID_SHA1, &one, &err) != ASSAY_OK || one.len > YAML_SIZE_MAX)
		return;
	const enum assay_status status = review_parse(buf_span(&one), "again", OID_SHA1, arena, &again, &err);
	if (status == ASSAY_E_LIMIT || status == ASSAY_E_MEMORY)
		return;
	if (status != ASSAY_OK || review_write(&again, OID_SHA1, &two, &err) != ASSAY_OK
	    || !assay_span_equal(buf_span(&one), buf_span(&two)))
		__builtin_trap();
}

static void
surface(struct assay_span bytes, struct arena *arena)
{
	struct assay_error err = { 0 };
	struct code_tokens tokens;
	struct sca_surface s;
	if (code_lex(bytes, CODE_C, arena, &tokens, &err) != ASSAY_OK || sca_surface_find(&tokens, arena, &s, &err) != ASSAY_OK)
		return;
	for (size_t i = 0; i < s.function_count; i++) {
		if (s.functions[i].last < s.functions[i].first || s.functions[i].last >= tokens.count
		    || !sca_function_same(&tokens, &s.functions[i], &tokens, &s.functions[i]))
			__builtin_trap();
	}
	for (size_t i = 0; i < s.interface_count; i++) {
		if (s.interfaces[i].kind == NULL || s.interfaces[i].line == 0)
			__builtin_trap();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct competence c;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (size == 0 || arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	const struct assay_span bytes = { data + 1, size - 1 };
	if (data[0] == 'r')
		review(bytes, arena);
	else if (data[0] == 's')
		surface(bytes, arena);
	else if (data[0] == 'c' && competence_parse(bytes, "fuzz", arena, &c, &err) == ASSAY_OK) {
		for (size_t i = 0; i < c.count; i++) {
			if (c.entries[i].until <= c.entries[i].from)
				__builtin_trap();
		}
	}
	return 0;
}
