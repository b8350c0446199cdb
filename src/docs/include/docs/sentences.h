/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sentences of a document, the marks that stand on them, and whether they oblige anybody. English and German.
 */
#pragma once

#include <docs/document.h>

/* A mark is text that everybody sees: "[assay: KIND PARAMETER...]", after the sentence it belongs to. */
#define DOCS_MARK "[assay:"
#define DOCS_SENTENCES_MAX 50000u
#define DOCS_MARKS_MAX 5000u
#define DOCS_MARK_LEN_MAX 200
#define DOCS_WORDS_MAX 8
#define DOCS_SENTENCE_WORDS_MAX 400

struct docs_mark {
	const char *words[DOCS_WORDS_MAX]; /* the kind, then its parameters */
	size_t word_count;                 /* 0: nothing between the brackets, too much, or never closed */
	const char *text;                  /* as written, for people */
	size_t sentence;                   /* SIZE_MAX: there is none that it could belong to */
	unsigned line, column;
};

struct docs_sentence {
	const char *text;  /* without marks, blanks folded */
	enum docs_block_kind kind;
	unsigned line, column;
	size_t mark_count; /* of those, how many it has */
	bool obliges;      /* in a heading or in code nothing does */
};

struct docs_sentences {
	struct docs_sentence *items;
	size_t count;
	struct docs_mark *marks;
	size_t mark_count;
};

/* german: digits with a full stop are ordinals. */
ASSAY_MUST_USE enum assay_status docs_sentences(const struct docs_document *d, bool german,
    struct arena *arena, struct docs_sentences *ret_sentences, struct assay_error *err);

/* Whether the sentence asks, forbids or restricts: by tables of words, English and German at once. */
bool docs_obliges(const char *text, size_t len);

/* Whether tables of words can tell what it says: Latin letters alone, and no more words than are looked at. */
bool docs_plain(const char *sentence);
/*
 * Whether the sentence matches one of the patterns, which are separated by '/': words, in lower case, separated by blanks;
 * "a|b" one of them, "sign~" or "~zeit" a part of a word, "*" up to eight words, "," a comma.
 */
bool docs_says(const char *sentence, const char *patterns);
/* The same once what matches 'struck', up to a NULL, is taken out; what stands in quotes is said too. */
bool docs_says_besides(const char *sentence, const char *const *struck, const char *patterns);
/* Whether it denies: an odd number of words like "not", "no", "without", "unsigned", "nicht", "kein"; quoted: those in quotes too. */
bool docs_denies(const char *sentence, bool quoted);

enum docs_unit {
	DOCS_COUNT,
	DOCS_SECONDS,       /* minutes and hours too */
	DOCS_DAYS,          /* weeks too */
	DOCS_MONTHS,        /* quarters and years too */
	DOCS_UNREAD_NUMBER, /* "1.5", "24x7": there is one, and its value is 0 */
};
struct docs_number {
	uint32_t value;
	enum docs_unit unit;
	bool article; /* a word like "one" or "both", which needn't say how many */
};
#define DOCS_NUMBERS_MAX 16
/*
 * The numbers of a sentence: digits, words ("two", "zwölf"), with their unit of time, and words like "quarterly", "jährlich"; those in
 * quotes too. What is only called by a number ("section 5", "IEC 62304", a date) is none. DOCS_NUMBERS_MAX: there may be more.
 */
size_t docs_numbers(const char *sentence, struct docs_number ret_numbers[DOCS_NUMBERS_MAX]);
/* Whether that number, without a unit, stands in the sentence before one of these things: words as docs_says() has them. */
bool docs_counts(const char *sentence, uint32_t value, const char *things);
/* The same of a mark's words from first on: "2", "12 months", "90 Tage". False when it isn't exactly one number. */
bool docs_number_of(const struct docs_mark *m, size_t first, struct docs_number *ret_number);
