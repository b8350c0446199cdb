/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks are those of CommonMark at the margin and in lists. What depends on the containers around it is noted and not guessed: who reads the
 * page may see a block there that isn't one here.
 */
#include <base/buf.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <seal/instructions.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define FENCE 3u
#define TAB 4u
#define INDENT_MAX 3u /* columns: what is further in is code */
#define NUMBER_MAX 9u /* digits of a list's mark */
#define SESSION "console"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct fence {
	unsigned char mark; /* '`' or '~'; 0: there is none */
	size_t length, indent, columns;
	struct assay_span info, word; /* what stands behind it, and the first word of that */
};

struct reading {
	struct assay_span rest;
	const char *name;
	unsigned line;
	struct arena *arena;
	struct assay_error *err;
	struct seal_instructions *to;
	/* What the lines before say of the next one. */
	size_t base;                  /* column at which the innermost list's item begins that is known; never more than it is */
	bool text;                    /* a paragraph that may go on */
	bool fresh;                   /* there is none, surely */
	bool table, code;
	struct seal_note *definition; /* that may go on, or NULL */
};

/* ---- lines ---- */

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

static enum assay_status
fail_at(const struct reading *r, enum assay_status status, unsigned line, const char *what)
{
	(void)assay_fail(r->err, status, "%s", what);
	return assay_error_at(r->err, status, r->name, line, 1);
}

/* Some take "\r" alone as the end of a line, and a terminal obeys the others. */
static enum assay_status
check_characters(const struct reading *r)
{
	const struct assay_span s = r->rest;
	unsigned line = 1;
	if (!text_is_utf8(s))
		return fail_at(r, ASSAY_E_FORMAT, 1, "it isn't text in UTF-8");
	if (s.len >= strlen(BYTE_ORDER_MARK) && memcmp(s.data, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0)
		return fail_at(r, ASSAY_E_FORMAT, 1, "it begins with a byte order mark: take it out");
	for (size_t i = 0; i < s.len; i++) {
		const unsigned char c = s.data[i];
		const bool end = c == '\n' || (c == '\r' && i + 1 < s.len && s.data[i + 1] == '\n');
		if ((c < ' ' && c != '\t' && !end) || c == 0x7f)
			return fail_at(r, ASSAY_E_FORMAT, line, "a control character stands here: take it out");
		line += c == '\n';
	}
	return ASSAY_OK;
}

static bool
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static struct assay_span
behind(struct assay_span s, size_t n)
{
	return (struct assay_span){ s.data + n, s.len - n };
}

struct margin {
	size_t bytes, columns;
};

/* The blanks that s begins with, which stands at that column. */
static struct margin
margin_of(struct assay_span s, size_t column)
{
	struct margin m = { 0 };
	for (; m.bytes < s.len && is_blank(s.data[m.bytes]); m.bytes++)
		m.columns += s.data[m.bytes] == '\t' ? TAB - (column + m.columns) % TAB : 1;
	return m;
}

static bool
is_empty(struct assay_span line)
{
	return margin_of(line, 0).bytes == line.len;
}

/* Where there is no room there are so many notes that the page is no good one. */
static struct seal_note *
note(struct reading *r, enum seal_note_kind kind, struct assay_span text)
{
	struct seal_instructions *to = r->to;
	if (to->note_count == SEAL_INSTRUCTIONS_LINES_MAX)
		return NULL;
	to->notes[to->note_count] = (struct seal_note){ kind, text, r->line };
	return &to->notes[to->note_count++];
}

/* ---- blocks in fences ---- */

static struct fence
fence_of(struct assay_span line)
{
	const struct margin m = margin_of(line, 0);
	struct fence f = { .indent = m.bytes, .columns = m.columns };
	size_t at = m.bytes;
	while (at < line.len && (line.data[at] == '`' || line.data[at] == '~') && line.data[at] == line.data[f.indent])
		at++;
	f.length = at - f.indent;
	if (f.length < FENCE)
		return (struct fence){ 0 };
	f.info = behind(line, at);
	f.info = behind(f.info, margin_of(f.info, 0).bytes);
	while (f.info.len > 0 && is_blank(f.info.data[f.info.len - 1]))
		f.info.len--;
	f.word.data = f.info.data;
	while (f.word.len < f.info.len && !is_blank(f.info.data[f.word.len]) && f.info.data[f.word.len] != '{')
		f.word.len++;
	/* Such a line shows code in a sentence. */
	const bool none = line.data[f.indent] == '`' && f.info.len > 0 && memchr(f.info.data, '`', f.info.len) != NULL;
	f.mark = none ? 0 : line.data[f.indent];
	return f;
}

/* Capitals don't count. */
static bool
is_word(struct assay_span word, const char *text)
{
	size_t same = 0;
	while (same < word.len && text[same] != '\0' && text_lower((char)word.data[same]) == text[same])
		same++;
	return same == word.len && text[same] == '\0';
}

static enum seal_block_kind
kind_of(struct assay_span word)
{
	static const char *const typed[] = { "sh", "bash", "shell", SESSION };
	static const char *const seen[] = { "text", "txt", "plaintext", "output", "log", "json", "yaml", "yml", "toml", "ini", "xml", "csv", "diff" };
	for (size_t i = 0; i < COUNT(typed); i++) {
		if (is_word(word, typed[i]))
			return SEAL_BLOCK_COMMANDS;
	}
	for (size_t i = 0; i < COUNT(seen); i++) {
		if (is_word(word, seen[i]))
			return SEAL_BLOCK_OTHER;
	}
	return SEAL_BLOCK_UNNAMED;
}

/* What is to be typed of a line of a session: nothing of what the machine answers. */
static struct assay_span
typed(struct assay_span line)
{
	const bool is = line.len > 2 && (line.data[0] == '$' || line.data[0] == '#') && line.data[1] == ' ';
	return is ? behind(line, 2) : (struct assay_span){ line.data, 0 };
}

/* Prompts end with one of these, or begin with a sign of their own. */
static bool
may_be_prompt(struct assay_span line)
{
	for (size_t i = 0; i < line.len; i++) {
		if (strchr("$#%>", line.data[i]) != NULL)
			return true;
	}
	const struct assay_span text = behind(line, margin_of(line, 0).bytes);
	return text.len > 0 && text.data[0] >= 0x80;
}

static bool
closes(const struct fence *open, const struct fence *f)
{
	return f->mark == open->mark && f->length >= open->length && f->info.len == 0;
}

/* A line of a session that isn't typed is empty, so that it counts. */
static struct assay_span
content_of(struct reading *r, const struct fence *open, struct assay_span line)
{
	size_t indent = 0;
	while (indent < open->indent && indent < line.len && is_blank(line.data[indent]))
		indent++;
	const struct assay_span text = behind(line, indent);
	if (!is_word(open->word, SESSION))
		return text;
	if (typed(text).len == 0 && may_be_prompt(text))
		(void)note(r, SEAL_NOTE_PROMPT, text);
	return typed(text);
}

/* True when it ends the block. What lies further out than its fence may have ended the list that the block is in, and the block with it. */
static bool
is_end(struct reading *r, const struct fence *open, struct assay_span line)
{
	const struct fence f = fence_of(line);
	const size_t columns = margin_of(line, 0).columns;
	const bool end = closes(open, &f), deep = columns > r->base + INDENT_MAX;
	if ((end && deep) || (columns < open->columns && !is_empty(line)))
		(void)note(r, SEAL_NOTE_END, line);
	return end && !deep;
}

static enum assay_status
read_block(struct reading *r, const struct fence *open, struct seal_block *ret_block)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(r->rest.len + 1);
	const unsigned first = r->line;
	struct assay_span line;
	if (open->info.len > 0)
		(void)note(r, SEAL_NOTE_INFO, open->info);
	while (next_line(r, &line)) {
		if (is_end(r, open, line)) {
			TRY(buf_status(&text, r->name, r->err));
			*ret_block = (struct seal_block){ kind_of(open->word), arena_copy(r->arena, buf_span(&text)), first + 1 };
			return ret_block->text == NULL ? arena_full(r->err) : ASSAY_OK;
		}
		buf_add_span(&text, content_of(r, open, line));
		buf_add_byte(&text, '\n');
	}
	return fail_at(r, ASSAY_E_FORMAT, first, "a block begins here and has no end");
}

/* ---- what stands between them ---- */

/* The marks of lists and quotations that a line begins with. */
struct marks {
	struct assay_span rest; /* behind them, and behind blanks */
	size_t count;
	size_t item;            /* the column at which that of the first one begins, which is a list's; 0: it isn't, or is empty */
	bool code, quoted;
	bool first;             /* it begins a list even in a paragraph */
};

/* In bytes; 0: there is none. */
static size_t
mark_length(struct assay_span s)
{
	size_t n = 0;
	if (s.len > 0 && s.data[0] == '>')
		return 1;
	while (n < s.len && n < NUMBER_MAX && s.data[n] >= '0' && s.data[n] <= '9')
		n++;
	if (n == s.len || strchr(n > 0 ? ".)" : "-+*", s.data[n]) == NULL)
		return 0;
	return n + 1 == s.len || is_blank(s.data[n + 1]) ? n + 1 : 0;
}

/* A line across the page, which looks like marks of lists. */
static bool
is_rule(struct assay_span line)
{
	size_t count = 0;
	unsigned char mark = 0;
	for (size_t i = 0; i < line.len; i++) {
		if (is_blank(line.data[i]))
			continue;
		mark = count++ == 0 ? line.data[i] : mark;
		if (line.data[i] != mark || strchr("*-_", mark) == NULL)
			return false;
	}
	return count >= 3;
}

static struct marks
marks_of(struct assay_span line)
{
	struct marks m = { .rest = line };
	size_t column = 0;
	for (size_t length = 0;; column += length, m.count++) {
		const struct margin blank = margin_of(m.rest, column);
		m.rest = behind(m.rest, blank.bytes);
		column += blank.columns;
		m.code = m.code || (m.count > 0 && m.rest.len > 0 && blank.columns > INDENT_MAX + 1);
		if (m.count == 1 && m.rest.len > 0 && !m.quoted)
			m.item = column;
		length = is_rule(m.rest) ? 0 : mark_length(m.rest);
		if (length == 0)
			return m;
		m.quoted = m.quoted || m.rest.data[0] == '>';
		m.first = m.first || (m.count == 0 && (length == 1 || (length == 2 && m.rest.data[0] == '1')));
		m.rest = behind(m.rest, length);
	}
}

/* "[label]: where to", whose label may have begun in a line before. */
static bool
is_definition(struct assay_span text)
{
	const unsigned char *end = memmem(text.data, text.len, "]:", 2);
	if (end == NULL)
		return false;
	const unsigned char *begin = memchr(text.data, '[', (size_t)(end - text.data));
	return begin == NULL || begin == text.data || begin[-1] == '\\';
}

static void
note_definition(struct reading *r, struct assay_span line, struct assay_span text)
{
	if (r->definition == NULL && is_definition(text))
		r->definition = note(r, SEAL_NOTE_DEFINITION, line);
	else if (r->definition != NULL)
		r->definition->text.len = (size_t)(line.data + line.len - r->definition->text.data);
}

/* What can't go on in the next line, when that is indented: a heading, a row of a table, a quotation, ... */
static bool
may_go_on(const struct reading *r, const struct marks *m)
{
	return !r->table && !m->quoted && m->rest.len > 0 && strchr("#|=-<>[+~", m->rest.data[0]) == NULL && !is_rule(m->rest);
}

static void
read_prose(struct reading *r, struct assay_span line, size_t depth, bool left)
{
	const struct marks m = marks_of(line);
	const bool code = depth > INDENT_MAX && !r->text;
	if (m.code || (code && !r->code))
		(void)note(r, SEAL_NOTE_CODE, line);
	if (m.count > 0 && fence_of(m.rest).mark != 0)
		(void)note(r, SEAL_NOTE_FENCE, line);
	note_definition(r, line, m.rest);
	r->code = code;
	r->table = r->table || memchr(line.data, '|', line.len) != NULL;
	/* Within a paragraph not every number begins a list. */
	if (depth <= INDENT_MAX && m.item > 0 && (m.first || left || r->fresh))
		r->base = m.item;
	r->fresh = false;
	r->text = !code && may_go_on(r, &m);
}

static void
paragraph_ends(struct reading *r)
{
	r->text = r->table = false;
	r->fresh = true;
	r->definition = NULL;
}

static enum assay_status
read_line(struct reading *r, struct assay_span line)
{
	struct seal_instructions *to = r->to;
	const size_t columns = margin_of(line, 0).columns;
	const struct fence f = fence_of(line);
	const bool empty = is_empty(line), left = !empty && columns < r->base;
	r->base = left ? 0 : r->base;
	const bool deep = columns > r->base + INDENT_MAX;
	if (empty || (f.mark != 0 && !deep))
		paragraph_ends(r);
	if (f.mark != 0 && !deep)
		return read_block(r, &f, &to->blocks[to->block_count++]);
	to->prose[to->prose_count++] = (struct seal_prose){ line, r->line };
	if (f.mark != 0)
		(void)note(r, SEAL_NOTE_FENCE, line);
	if (!empty)
		read_prose(r, line, columns - r->base, left);
	return ASSAY_OK;
}

enum assay_status
seal_instructions_read(struct assay_span bytes, const char *name, struct arena *arena, struct seal_instructions *ret_instructions,
    struct assay_error *err)
{
	struct seal_instructions i = { .blocks = arena_array(arena, SEAL_INSTRUCTIONS_BLOCKS_MAX, sizeof i.blocks[0]),
		.prose = arena_array(arena, SEAL_INSTRUCTIONS_LINES_MAX, sizeof i.prose[0]),
		.notes = arena_array(arena, SEAL_INSTRUCTIONS_LINES_MAX, sizeof i.notes[0]) };
	struct reading r = { .rest = bytes, .name = name, .arena = arena, .err = err, .to = &i, .fresh = true };
	struct assay_span line;
	if (i.blocks == NULL || i.prose == NULL || i.notes == NULL)
		return arena_full(err);
	TRY(check_characters(&r));
	while (next_line(&r, &line)) {
		if (i.block_count == SEAL_INSTRUCTIONS_BLOCKS_MAX || i.prose_count == SEAL_INSTRUCTIONS_LINES_MAX || r.line > SEAL_INSTRUCTIONS_LINES_MAX)
			return fail_at(&r, ASSAY_E_LIMIT, r.line, "there are too many lines or blocks");
		TRY(read_line(&r, line));
	}
	*ret_instructions = i;
	return ASSAY_OK;
}
