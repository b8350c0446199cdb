/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What holds of every document that was read, whatever it was read from.
 */
#pragma once

#include <base/cleanup.h>
#include <base/text.h>
#include <docs/sentences.h>
#include <docs/statements.h>
#include <string.h>

/* What is said of a sentence's words. */
static inline void
check_words(const char *text)
{
	static const char *const struck[] = { "not|nicht * more|mehr than|als/no exception~", NULL };
	struct docs_number n[DOCS_NUMBERS_MAX];
	const size_t count = docs_numbers(text, n);
	for (size_t i = 0; i < count && i < DOCS_NUMBERS_MAX; i++) {
		if (n[i].unit == DOCS_UNREAD_NUMBER && n[i].value != 0)
			__builtin_trap();
	}
	if (docs_says(text, "unless") && !docs_says_besides(text, struck + 1, "unless"))
		__builtin_trap();
	(void)docs_counts(text, 2, "people|person~");
	(void)docs_denies(text, true);
	(void)docs_plain(text);
}

static inline void
check_document(const struct docs_document *d, struct arena *arena)
{
	struct assay_error err = { 0 };
	struct docs_sentences all;
	struct docs_statement said[DOCS_STATEMENTS_MAX];
	size_t count = 0, marks = 0;
	for (size_t i = 0; i < d->block_count; i++) {
		if (d->blocks[i].anchor_count == 0 || strlen(d->blocks[i].text) != d->blocks[i].len)
			__builtin_trap();
	}
	if (docs_statements(d, arena, said, &count, &err) == ASSAY_OK && count > DOCS_STATEMENTS_MAX)
		__builtin_trap();
	if (docs_sentences(d, false, arena, &all, &err) != ASSAY_OK)
		return;
	for (size_t i = 0; i < all.count; i++) {
		if (!text_is_utf8(assay_span_str(all.items[i].text)) || all.items[i].line == 0)
			__builtin_trap();
		marks += all.items[i].mark_count;
		check_words(all.items[i].text);
	}
	for (size_t i = 0; i < all.mark_count; i++) {
		if (all.marks[i].sentence != SIZE_MAX && all.marks[i].sentence >= all.count)
			__builtin_trap();
	}
	if (marks > all.mark_count)
		__builtin_trap();
}
