/* SPDX-License-Identifier: Apache-2.0 */
#include <base/text.h>
#include <docs/sentences.h>

#include <base/buf.h>
#include <base/cleanup.h>
#include <string.h>

#define FIRST_ROOM 64
#define ABBREVIATION_MAX 12

/* What works through a document. */
struct reader {
	const struct docs_document *document;
	bool german;
	struct arena *arena;
	struct docs_sentences *out;
	size_t sentence_room, mark_room;
	unsigned last_row;     /* of the last sentence */
	size_t in_block;       /* the first sentence of the block */
};

/* ---- where a sentence ends ---- */

/* Words that a full stop belongs to, without it. */
static const char *const abbreviations[] = {
	"e.g", "i.e", "vs", "cf", "no", "nos", "fig", "figs", "sec", "sect", "art", "approx", "dr", "mr", "mrs", "ms", "prof",
	"inc", "ltd", "st", "resp", "incl", "excl", "ed", "vol", "pp", "p", "ch", "dept", "ref", "rev", "para", "viz", "eq",
	"z.b", "d.h", "u.a", "bzw", "ggf", "ca", "vgl", "nr", "abs", "bspw", "evtl", "inkl", "exkl", "max", "min", "mind", "s",
	"sog", "o.g", "zzgl", "abzgl", "hr", "fr", "str", "tel", "gem", "i.d.r", "s.o", "s.u", "u.u", "v.a", "z.t", "bes",
	"einschl", "entspr", "allg", "bzgl", "gegebenenf", "usf", "z", "d", "u", "i", "v", "b", "h", "a", "e", "g",
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

static bool
is_lower(const char *p)
{
	return (p[0] >= 'a' && p[0] <= 'z') || ((unsigned char)p[0] == 0xC3 && (unsigned char)p[1] >= 0x9F);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The word that ends before text[stop], in lower case; "" when it is long. */
static void
word_before(const char *text, size_t from, size_t stop, char out[ABBREVIATION_MAX + 1])
{
	size_t begin = stop;
	while (begin > from && !is_blank(text[begin - 1]) && strchr("([{\"'", text[begin - 1]) == NULL)
		begin--;
	const size_t len = stop - begin;
	out[0] = '\0';
	if (len > ABBREVIATION_MAX)
		return;
	for (size_t i = 0; i < len; i++)
		out[i] = text_lower(text[begin + i]);
	out[len] = '\0';
}

static bool
is_abbreviation(const struct reader *r, const char *text, size_t from, size_t stop)
{
	char word[ABBREVIATION_MAX + 1];
	word_before(text, from, stop, word);
	if (word[0] != '\0' && word[strspn(word, "0123456789")] == '\0')
		return (r->german || stop == from + strlen(word)) && strlen(word) <= 2;
	for (size_t i = 0; i < sizeof abbreviations / sizeof abbreviations[0]; i++) {
		if (strcmp(word, abbreviations[i]) == 0)
			return true;
	}
	return false;
}

/* After a stop: the further stops, quotes and brackets that close the sentence. */
static size_t
skip_closing(const char *text, size_t at, size_t len)
{
	while (at < len && strchr(".!?)\"'", text[at]) != NULL)
		at++;
	while (len - at >= 3 && memcmp(text + at, "\xE2\x80", 2) == 0)
		at += 3;
	return at;
}

/* Whether the stop at text[i], after which all that closes ends at after, ends the sentence. */
static bool
ends_here(const struct reader *r, const char *text, size_t from, size_t i, size_t after, size_t len)
{
	size_t next = after;
	while (next < len && is_blank(text[next]))
		next++;
	if (next == len)
		return true;
	if (next == after || is_lower(text + next))
		return false;
	return text[i] != '.' || after != i + 1 || !is_abbreviation(r, text, from, i);
}

static size_t
sentence_end(const struct reader *r, const char *text, size_t from, size_t len)
{
	for (size_t i = from; i < len; i++) {
		if (strchr(".!?", text[i]) == NULL || text[i] == '\0')
			continue;
		const size_t after = skip_closing(text, i + 1, len);
		if (ends_here(r, text, from, i, after, len))
			return after;
	}
	return len;
}

/* ---- marks ---- */

/* *ret_more: the same items where more have room, or NULL where they have it. */
static enum assay_status
grow(struct arena *arena, const void *items, size_t count, size_t *room, size_t most, size_t size, const char *what,
    void **ret_more, struct assay_error *err)
{
	if (count == most)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %zu %s", most, what);
	*ret_more = NULL;
	if (count < *room)
		return ASSAY_OK;
	const size_t more = *room == 0 ? FIRST_ROOM : 2 * *room;
	void *fresh = arena_array(arena, more, size);
	if (fresh == NULL)
		return arena_full(err);
	if (count > 0)
		memcpy(fresh, items, count * size);
	*ret_more = fresh;
	*room = more;
	return ASSAY_OK;
}

static enum assay_status
split_mark(struct reader *r, const char *inner, size_t len, struct docs_mark *m, struct assay_error *err)
{
	while (len > 0 && is_blank(*inner)) {
		inner++;
		len--;
	}
	m->text = arena_copy(r->arena, (struct assay_span){ (const unsigned char *)inner, len });
	if (m->text == NULL)
		return arena_full(err);
	for (size_t i = 0; i < len;) {
		if (is_blank(inner[i])) {
			i++;
			continue;
		}
		size_t n = 0;
		while (i + n < len && !is_blank(inner[i + n]))
			n++;
		if (m->word_count == DOCS_WORDS_MAX) {
			m->word_count = 0;
			return ASSAY_OK;
		}
		const char *word = arena_copy(r->arena, (struct assay_span){ (const unsigned char *)inner + i, n });
		if (word == NULL)
			return arena_full(err);
		m->words[m->word_count++] = word;
		i += n;
	}
	return ASSAY_OK;
}

/* A mark that is never closed, or holds another, is one without words. */
static size_t
mark_len(const char *text, size_t at, size_t len)
{
	const size_t most = len - at < DOCS_MARK_LEN_MAX ? len - at : DOCS_MARK_LEN_MAX;
	const char *end = memchr(text + at, ']', most);
	return end != NULL ? (size_t)(end - (text + at)) + 1 : 0;
}

/* Takes the marks out of the block's text, where blanks stay, and notes where they stood. offsets: one a mark. */
static enum assay_status
take_marks(struct reader *r, const struct docs_block *b, char *text, struct buf *offsets, struct assay_error *err)
{
	const size_t open = sizeof DOCS_MARK - 1;
	for (size_t at = 0; at + open <= b->len; at++) {
		if (memcmp(text + at, DOCS_MARK, open) != 0)
			continue;
		struct docs_mark m = { .sentence = SIZE_MAX, .text = "" };
		const size_t len = mark_len(text, at, b->len);
		if (len > 0)
			TRY(split_mark(r, text + at + open, len - open - 1, &m, err));
		docs_place(b, at, &m.line, &m.column);
		void *more = NULL;
		TRY(grow(r->arena, r->out->marks, r->out->mark_count, &r->mark_room, DOCS_MARKS_MAX, sizeof m, "marks", &more, err));
		r->out->marks = more != NULL ? more : r->out->marks;
		r->out->marks[r->out->mark_count++] = m;
		buf_add(offsets, &at, sizeof at);
		memset(text + at, ' ', len > 0 ? len : open);
	}
	return buf_status(offsets, "a block's marks", err);
}

/* ---- sentences ---- */

static bool
holds_word(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] >= 0x80 || is_digit(text[i]) || ((text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z'))
			return true;
	}
	return false;
}

static enum assay_status
add_sentence(struct reader *r, const struct docs_block *b, const char *text, size_t at, size_t len,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf folded = BUF_INIT(DOCS_TEXT_MAX);
	void *more = NULL;
	TRY(grow(r->arena, r->out->items, r->out->count, &r->sentence_room, DOCS_SENTENCES_MAX, sizeof *r->out->items, "sentences",
	    &more, err));
	r->out->items = more != NULL ? more : r->out->items;
	for (size_t i = at; i < at + len; i++) {
		const bool before_stop = is_blank(text[i]) && (i + 1 == at + len || strchr(".,;:", text[i + 1]) != NULL);
		if (!is_blank(text[i]))
			buf_add_byte(&folded, (unsigned char)text[i]);
		else if (!before_stop && !is_blank(text[i + 1]))
			buf_add_byte(&folded, ' ');
	}
	TRY(buf_status(&folded, "a sentence", err));
	struct docs_sentence *s = &r->out->items[r->out->count];
	*s = (struct docs_sentence){ .kind = b->kind };
	s->text = arena_copy(r->arena, buf_span(&folded));
	if (s->text == NULL)
		return arena_full(err);
	docs_place(b, at, &s->line, &s->column);
	s->obliges = b->kind != DOCS_HEADING && docs_obliges(s->text, folded.len);
	r->out->count++;
	return ASSAY_OK;
}

/* Gives each of the block's marks its sentence: the last that begins before it, else that of the cell to the left. */
static void
bind_marks(struct reader *r, const struct docs_block *b, size_t first_mark, const struct buf *offsets, const size_t *begins)
{
	for (size_t m = first_mark; m < r->out->mark_count; m++) {
		size_t at, found = SIZE_MAX;
		memcpy(&at, offsets->data + (m - first_mark) * sizeof at, sizeof at);
		for (size_t i = r->in_block; i < r->out->count && begins[i - r->in_block] < at; i++)
			found = i;
		if (found == SIZE_MAX && b->kind == DOCS_CELL && r->in_block > 0 && r->last_row == b->row)
			found = r->in_block - 1;
		r->out->marks[m].sentence = found;
		if (found != SIZE_MAX)
			r->out->items[found].mark_count++;
	}
}

static enum assay_status
read_block(struct reader *r, const struct docs_block *b, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf offsets = BUF_INIT(DOCS_MARKS_MAX * sizeof(size_t));
	CLEANUP(buf_done) struct buf begins = BUF_INIT(DOCS_SENTENCES_MAX * sizeof(size_t));
	const size_t first_mark = r->out->mark_count;
	char *text = arena_copy(r->arena, (struct assay_span){ (const unsigned char *)b->text, b->len });
	if (text == NULL)
		return arena_full(err);
	TRY(take_marks(r, b, text, &offsets, err));
	r->in_block = r->out->count;
	for (size_t at = 0; at < b->len;) {
		while (at < b->len && is_blank(text[at]))
			at++;
		const size_t end = sentence_end(r, text, at, b->len);
		if (holds_word(text + at, end - at)) {
			TRY(add_sentence(r, b, text, at, end - at, err));
			buf_add(&begins, &at, sizeof at);
		}
		at = end;
	}
	TRY(buf_status(&begins, "a block's sentences", err));
	bind_marks(r, b, first_mark, &offsets, (const size_t *)(const void *)begins.data);
	if (r->out->count > r->in_block)
		r->last_row = b->row;
	return ASSAY_OK;
}

enum assay_status
docs_sentences(const struct docs_document *d, bool german, struct arena *arena,
    struct docs_sentences *ret_sentences, struct assay_error *err)
{
	struct docs_sentences out = { 0 };
	struct reader r = { .document = d, .german = german, .arena = arena, .out = &out };
	for (size_t i = 0; i < d->block_count; i++) {
		if (d->blocks[i].kind != DOCS_CODE)
			TRY(read_block(&r, &d->blocks[i], err));
	}
	*ret_sentences = out;
	return ASSAY_OK;
}
