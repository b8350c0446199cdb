/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the parts of the shell's reader: expansions (shell_expand.c), words (shell_words.c) and grammar (shell.c).
 */
#pragma once

#include <base/buf.h>
#include <codec/shell.h>

struct shell_document; /* a here-document that is still to come */

struct shell_reader {
	const char *s;
	size_t len, pos;
	unsigned line;
	size_t line_start;
	unsigned depth;
	size_t *budget;
	struct arena *arena;
	struct shell_document *documents;
	struct assay_error *err;
};

/* ASSAY_E_FORMAT here, by line and column. */
enum assay_status shell_fail(const struct shell_reader *r, const char *fmt, ...) ASSAY_PRINTF(2, 3);
/* As assay_fail(). */
#define shell_fail(...)                                                                            \
	__extension__({                                                                            \
		(void)shell_fail(__VA_ARGS__);                                                     \
		(enum assay_status)ASSAY_E_FORMAT;                                                                  \
	})
/* Zeroed storage, counted against the budget. */
enum assay_status shell_take(const struct shell_reader *r, size_t size, void *where);
enum assay_status shell_deeper(struct shell_reader *r);
/* The byte that lies ahead, 0 at the end. */
char shell_peek(const struct shell_reader *r, size_t ahead);
void shell_step(struct shell_reader *r, size_t bytes);
bool shell_starts(const struct shell_reader *r, const char *text);
bool shell_ends_word(char c);
unsigned shell_column(const struct shell_reader *r);

enum assay_status shell_copy(const struct shell_reader *r, size_t from, size_t to, const char **where);

/* A word that grows: its parts, and the literal that the last one collects while open. */
struct shell_growing {
	struct shell_part *first, *last;
	struct buf text;
	enum shell_quote quote;
	unsigned line, column;
	bool open;
};

void shell_growing_done(struct shell_growing *g);
enum assay_status shell_close_literal(const struct shell_reader *r, struct shell_growing *g);
/* The next bytes as a literal. */
enum assay_status shell_add_bytes(struct shell_reader *r, struct shell_growing *g, enum shell_quote quote, size_t bytes);
/* What closes the template that lies ahead, or NULL when there is none. */
const char *shell_template_end(const struct shell_reader *r);
enum assay_status shell_read_template(struct shell_reader *r, struct shell_growing *g, enum shell_quote quote,
    const char *end);
enum assay_status shell_read_single(struct shell_reader *r, struct shell_growing *g);
enum assay_status shell_read_double(struct shell_reader *r, struct shell_growing *g);
enum assay_status shell_read_dollar(struct shell_reader *r, struct shell_growing *g, enum shell_quote quote);
enum assay_status shell_read_backquoted(struct shell_reader *r, struct shell_growing *g, enum shell_quote quote);
/* "$(", "<(" or ">(" lies ahead. */
enum assay_status shell_read_substitution(struct shell_reader *r, struct shell_growing *g, enum shell_quote quote);
/* Bytes under double quotes up to the closing one, or to the end for a here-document. */
enum assay_status shell_read_expanding(struct shell_reader *r, struct shell_growing *g, bool document);

/* Blanks, continued lines and a comment; not the end of a line. */
void shell_skip_blanks(struct shell_reader *r);
/* And ends of lines, with the here-documents that follow them. */
enum assay_status shell_skip_lines(struct shell_reader *r);
/* A word; there must be one. */
enum assay_status shell_read_word(struct shell_reader *r, struct shell_word **ret_word);
/* The delimiter has been read: where the document's text is to go. */
enum assay_status shell_expect_document(struct shell_reader *r, const struct shell_word *delimiter,
    bool strip_tabs, struct shell_redirect *into);
/* Commands up to an unquoted ")", which stays. */
enum assay_status shell_read_list(struct shell_reader *r, struct shell_script **ret_script);
