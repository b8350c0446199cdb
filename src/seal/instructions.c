/* SPDX-License-Identifier: Apache-2.0 */
#include <base/buf.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <seal/instructions.h>
#include <string.h>

#define FENCE 3u

struct fence {
	unsigned char mark; /* '`' or '~'; 0: there is none */
	size_t length, indent;
	struct assay_span word; /* the first behind it */
};

struct reading {
	struct assay_span rest;
	const char *name;
	unsigned line;
	struct arena *arena;
	struct assay_error *err;
};

/* The next line, without its end. */
static bool
next_line(struct reading *r, struct assay_span *ret_line)
{
	if (r->rest.len == 0)
		return false;
	const unsigned char *end = memchr(r->rest.data, '\n', r->rest.len);
	const size_t len = end == NULL ? r->rest.len : (size_t)(end - r->rest.data);
	const size_t whole = end == NULL ? len : len + 1;
	*ret_line = (struct assay_span){ r->rest.data, len > 0 && r->rest.data[len - 1] == '\r' ? len - 1 : len };
	r->rest = (struct assay_span){ r->rest.data + whole, r->rest.len - whole };
	r->line++;
	return true;
}

static bool
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static struct fence
fence_of(struct assay_span line)
{
	struct fence f = { 0 };
	size_t at = 0;
	while (at < line.len && is_blank(line.data[at]))
		at++;
	f.indent = at;
	while (at < line.len && (line.data[at] == '`' || line.data[at] == '~') && line.data[at] == line.data[f.indent])
		at++;
	f.length = at - f.indent;
	if (f.length < FENCE)
		return (struct fence){ 0 };
	f.mark = line.data[f.indent];
	while (at < line.len && is_blank(line.data[at]))
		at++;
	f.word.data = line.data + at;
	while (at < line.len && !is_blank(line.data[at]) && line.data[at] != '{')
		at++;
	f.word.len = (size_t)(line.data + at - f.word.data);
	return f;
}

static bool
is_word(struct assay_span word, const char *text)
{
	return assay_span_equal(word, assay_span_str(text));
}

static bool
is_shell(struct assay_span word)
{
	return is_word(word, "sh") || is_word(word, "bash") || is_word(word, "shell");
}

static enum seal_block_kind
kind_of(struct assay_span word)
{
	if (word.len == 0)
		return SEAL_BLOCK_UNNAMED;
	return is_shell(word) || is_word(word, "console") ? SEAL_BLOCK_COMMANDS : SEAL_BLOCK_OTHER;
}

/* What is to be typed of a line of a session: nothing of what the machine answers. */
static struct assay_span
typed(struct assay_span line)
{
	const bool is = line.len > 2 && (line.data[0] == '$' || line.data[0] == '#') && line.data[1] == ' ';
	return is ? (struct assay_span){ line.data + 2, line.len - 2 } : (struct assay_span){ line.data, 0 };
}

static bool
closes(const struct fence *open, struct assay_span line)
{
	const struct fence f = fence_of(line);
	return f.mark == open->mark && f.length >= open->length && f.word.len == 0;
}

static enum assay_status
fail_at(const struct reading *r, enum assay_status status, unsigned line, const char *what)
{
	(void)assay_fail(r->err, status, "%s", what);
	return assay_error_at(r->err, status, r->name, line, 1);
}

static enum assay_status
read_block(struct reading *r, const struct fence *open, struct seal_block *ret_block)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(r->rest.len + 1);
	const bool session = is_word(open->word, "console");
	const unsigned first = r->line;
	struct assay_span line;
	while (next_line(r, &line)) {
		if (closes(open, line)) {
			TRY(buf_status(&text, r->name, r->err));
			*ret_block = (struct seal_block){ kind_of(open->word), arena_copy(r->arena, buf_span(&text)), first + 1 };
			return ret_block->text == NULL ? arena_full(r->err) : ASSAY_OK;
		}
		size_t indent = 0;
		while (indent < open->indent && indent < line.len && is_blank(line.data[indent]))
			indent++;
		line = (struct assay_span){ line.data + indent, line.len - indent };
		buf_add_span(&text, session ? typed(line) : line);
		buf_add_byte(&text, '\n');
	}
	return fail_at(r, ASSAY_E_FORMAT, first, "a block begins here and has no end");
}

enum assay_status
seal_instructions_read(struct assay_span bytes, const char *name, struct arena *arena, struct seal_instructions *ret_instructions,
    struct assay_error *err)
{
	struct reading r = { .rest = bytes, .name = name, .arena = arena, .err = err };
	struct seal_instructions i = { .blocks = arena_array(arena, SEAL_INSTRUCTIONS_BLOCKS_MAX, sizeof i.blocks[0]),
		.prose = arena_array(arena, SEAL_INSTRUCTIONS_LINES_MAX, sizeof i.prose[0]) };
	struct assay_span line;
	if (i.blocks == NULL || i.prose == NULL)
		return arena_full(err);
	if (!text_is_utf8(bytes))
		return fail_at(&r, ASSAY_E_FORMAT, 1, "it isn't text in UTF-8");
	while (next_line(&r, &line)) {
		const struct fence f = fence_of(line);
		if (i.block_count == SEAL_INSTRUCTIONS_BLOCKS_MAX || i.prose_count == SEAL_INSTRUCTIONS_LINES_MAX || r.line > SEAL_INSTRUCTIONS_LINES_MAX)
			return fail_at(&r, ASSAY_E_LIMIT, r.line, "there are too many lines or blocks");
		if (f.mark != 0)
			TRY(read_block(&r, &f, &i.blocks[i.block_count++]));
		else
			i.prose[i.prose_count++] = (struct seal_prose){ line, r.line };
	}
	*ret_instructions = i;
	return ASSAY_OK;
}
