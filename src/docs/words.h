/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sentence as a row of words in lower case, and patterns over it.
 */
#pragma once

#include <docs/sentences.h>

#define WORD_LEN_MAX 64

/* Punctuation that separates clauses is a word of its own. What stands in quotes, up to three words of it, is left out. */
struct words {
	size_t count;
	char word[DOCS_SENTENCE_WORDS_MAX][WORD_LEN_MAX];
};

void words_of(const char *text, size_t len, struct words *ret_words);
/* The same, and what stands in quotes is there too. */
void words_with_quoted(const char *text, size_t len, struct words *ret_words);
/* Whether the word, in lower case, is one of "a|b~|c". */
bool words_is(const char *word, const char *any);
/* Where one of the patterns ('/' between them) first matches, and how many words it takes; false when none does. */
bool words_find(const struct words *w, const char *patterns, size_t from, size_t *ret_at, size_t *ret_len);
/* Empties the words that each match takes, so that nothing else finds them; true when there was one. */
bool words_strike(struct words *w, const char *patterns);
