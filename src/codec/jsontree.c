/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/jsontree.h>

#include <base/cleanup.h>
#include <base/text.h>

struct reader {
	const unsigned char *at, *end, *line_start;
	unsigned line;
	unsigned depth;
	size_t nodes;
	const char *name;
	struct arena *arena;
	struct assay_error *err;
};

static unsigned
column_of(const struct reader *r)
{
	return (unsigned)(r->at - r->line_start) + 1;
}

static enum assay_status
bad(const struct reader *r, enum assay_status status, const char *what)
{
	assay_fail(r->err, status, "%s", what);
	return assay_error_at(r->err, status, r->name, r->line, column_of(r));
}

static void
skip_blanks(struct reader *r)
{
	for (; r->at < r->end; r->at++) {
		if (*r->at == '\n') {
			r->line++;
			r->line_start = r->at + 1;
		} else if (*r->at != ' ' && *r->at != '\t' && *r->at != '\r') {
			return;
		}
	}
}

static bool
next_is(struct reader *r, unsigned char byte)
{
	skip_blanks(r);
	if (r->at == r->end || *r->at != byte)
		return false;
	r->at++;
	return true;
}

/* ---- strings ---- */

static enum assay_status
read_hex4(struct reader *r, unsigned *ret_unit)
{
	unsigned char b[2];
	if (r->end - r->at < 4 || text_unhex((struct assay_span){ r->at, 4 }, b, 2) != ASSAY_OK)
		return bad(r, ASSAY_E_FORMAT, "'\\u' wants four hex digits");
	r->at += 4;
	*ret_unit = (unsigned)b[0] << 8 | b[1];
	return ASSAY_OK;
}

static unsigned char *
put_utf8(unsigned char *to, unsigned c)
{
	if (c < 0x80) {
		*to++ = (unsigned char)c;
	} else if (c < 0x800) {
		*to++ = (unsigned char)(0xC0 | c >> 6);
		*to++ = (unsigned char)(0x80 | (c & 0x3F));
	} else if (c < 0x10000) {
		*to++ = (unsigned char)(0xE0 | c >> 12);
		*to++ = (unsigned char)(0x80 | (c >> 6 & 0x3F));
		*to++ = (unsigned char)(0x80 | (c & 0x3F));
	} else {
		*to++ = (unsigned char)(0xF0 | c >> 18);
		*to++ = (unsigned char)(0x80 | (c >> 12 & 0x3F));
		*to++ = (unsigned char)(0x80 | (c >> 6 & 0x3F));
		*to++ = (unsigned char)(0x80 | (c & 0x3F));
	}
	return to;
}

static enum assay_status
read_unicode(struct reader *r, unsigned char **to)
{
	unsigned c = 0, low = 0;
	TRY(read_hex4(r, &c));
	if (c == 0)
		return bad(r, ASSAY_E_FORMAT, "text holds a NUL");
	if (c >= 0xDC00 && c <= 0xDFFF)
		return bad(r, ASSAY_E_FORMAT, "half of a surrogate pair");
	if (c >= 0xD800 && c <= 0xDBFF) {
		if (r->end - r->at < 2 || r->at[0] != '\\' || r->at[1] != 'u')
			return bad(r, ASSAY_E_FORMAT, "half of a surrogate pair");
		r->at += 2;
		TRY(read_hex4(r, &low));
		if (low < 0xDC00 || low > 0xDFFF)
			return bad(r, ASSAY_E_FORMAT, "half of a surrogate pair");
		c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
	}
	*to = put_utf8(*to, c);
	return ASSAY_OK;
}

static enum assay_status
read_escape(struct reader *r, unsigned char **to)
{
	static const char from[] = "\"\\/bfnrt";
	static const char into[] = "\"\\/\b\f\n\r\t";
	if (r->at == r->end)
		return bad(r, ASSAY_E_FORMAT, "the text has no end");
	unsigned char c = *r->at++;
	if (c == 'u')
		return read_unicode(r, to);
	const char *found = c == 0 ? NULL : strchr(from, c);
	if (found == NULL)
		return bad(r, ASSAY_E_FORMAT, "there is no such escape in JSON");
	*(*to)++ = (unsigned char)into[found - from];
	return ASSAY_OK;
}

/* Behind the opening quote. No text is longer than its source. */
static enum assay_status
read_string(struct reader *r, const char **ret_text)
{
	const unsigned char *stop = r->at;
	while (stop < r->end && *stop != '"')
		stop += *stop == '\\' && r->end - stop > 1 ? 2 : 1;
	unsigned char *text = arena_alloc(r->arena, (size_t)(stop - r->at) + 1), *to = text;
	if (text == NULL)
		return arena_full(r->err);
	while (r->at < r->end && *r->at != '"') {
		if (*r->at < 0x20)
			return bad(r, ASSAY_E_FORMAT, "a control character in a text");
		if (*r->at != '\\') {
			*to++ = *r->at++;
			continue;
		}
		r->at++;
		TRY(read_escape(r, &to));
	}
	if (r->at == r->end)
		return bad(r, ASSAY_E_FORMAT, "the text has no end");
	r->at++;
	*ret_text = (const char *)text;
	return ASSAY_OK;
}

/* ---- numbers and words ---- */

static size_t
skip_digits(struct reader *r)
{
	const unsigned char *from = r->at;
	while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
		r->at++;
	return (size_t)(r->at - from);
}

static bool
skip_one_of(struct reader *r, const char *bytes)
{
	if (r->at == r->end || *r->at == 0 || strchr(bytes, *r->at) == NULL)
		return false;
	r->at++;
	return true;
}

static enum assay_status
read_number(struct reader *r, struct jsontree *n)
{
	const unsigned char *from = r->at;
	(void)skip_one_of(r, "-");
	bool zero = r->at < r->end && *r->at == '0';
	size_t digits = skip_digits(r);
	bool good = digits == 1 || (digits > 1 && !zero);
	if (good && skip_one_of(r, "."))
		good = skip_digits(r) > 0;
	if (good && skip_one_of(r, "eE")) {
		(void)skip_one_of(r, "+-");
		good = skip_digits(r) > 0;
	}
	if (!good)
		return bad(r, ASSAY_E_FORMAT, "no value that JSON knows");
	n->kind = JSONTREE_NUMBER;
	n->text = arena_copy(r->arena, (struct assay_span){ from, (size_t)(r->at - from) });
	return n->text != NULL ? ASSAY_OK : arena_full(r->err);
}

static bool
read_word(struct reader *r, struct jsontree *n)
{
	static const struct {
		const char *word;
		enum jsontree_kind kind;
		bool truth;
	} words[] = {
		{ "null", JSONTREE_NULL, false },
		{ "true", JSONTREE_BOOL, true },
		{ "false", JSONTREE_BOOL, false },
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t len = strlen(words[i].word);
		if ((size_t)(r->end - r->at) < len || memcmp(r->at, words[i].word, len) != 0)
			continue;
		r->at += len;
		n->kind = words[i].kind;
		n->truth = words[i].truth;
		return true;
	}
	return false;
}

/* ---- arrays and objects ---- */

static enum assay_status read_value(struct reader *r, struct jsontree *n);

static enum assay_status
add_node(struct reader *r, struct jsontree *parent, struct jsontree **last, struct jsontree **ret_node)
{
	if (++r->nodes > JSONTREE_NODES_MAX)
		return bad(r, ASSAY_E_LIMIT, "more values than are read");
	struct jsontree *n = arena_alloc(r->arena, sizeof *n);
	if (n == NULL)
		return arena_full(r->err);
	if (*last == NULL)
		parent->first = n;
	else
		(*last)->next = n;
	*last = n;
	parent->count++;
	*ret_node = n;
	return ASSAY_OK;
}

static int
compare_keys(const void *a, const void *b)
{
	return strcmp((*(struct jsontree *const *)a)->key, (*(struct jsontree *const *)b)->key);
}

static enum assay_status
sort_members(struct reader *r, struct jsontree *n)
{
	size_t i = 0;
	n->sorted = arena_array(r->arena, n->count + 1, sizeof(struct jsontree *));
	if (n->sorted == NULL)
		return arena_full(r->err);
	for (struct jsontree *m = n->first; m != NULL; m = m->next)
		n->sorted[i++] = m;
	qsort(n->sorted, n->count, sizeof(struct jsontree *), compare_keys);
	for (i = 1; i < n->count; i++) {
		const struct jsontree *m = n->sorted[i];
		if (strcmp(n->sorted[i - 1]->key, m->key) != 0)
			continue;
		assay_fail(r->err, ASSAY_E_FORMAT, "the key '%.100s' stands twice", m->key);
		return assay_error_at(r->err, ASSAY_E_FORMAT, r->name, m->line, m->column);
	}
	return ASSAY_OK;
}

static enum assay_status
read_member(struct reader *r, struct jsontree *parent, struct jsontree **last)
{
	struct jsontree *n = NULL;
	skip_blanks(r);
	unsigned line = r->line, column = column_of(r);
	if (!next_is(r, '"'))
		return bad(r, ASSAY_E_FORMAT, "a key in quotes is missing");
	TRY(add_node(r, parent, last, &n));
	TRY(read_string(r, &n->key));
	if (!next_is(r, ':'))
		return bad(r, ASSAY_E_FORMAT, "':' is missing");
	TRY(read_value(r, n));
	n->line = line;
	n->column = column;
	return ASSAY_OK;
}

static enum assay_status
read_items(struct reader *r, struct jsontree *parent, bool object)
{
	unsigned char close = object ? '}' : ']';
	struct jsontree *last = NULL, *n = NULL;
	if (next_is(r, close))
		return ASSAY_OK;
	do {
		if (object) {
			TRY(read_member(r, parent, &last));
			continue;
		}
		TRY(add_node(r, parent, &last, &n));
		TRY(read_value(r, n));
	} while (next_is(r, ','));
	if (!next_is(r, close))
		return bad(r, ASSAY_E_FORMAT, object ? "',' or '}' is missing" : "',' or ']' is missing");
	return ASSAY_OK;
}

static enum assay_status
read_value(struct reader *r, struct jsontree *n)
{
	skip_blanks(r);
	n->line = r->line;
	n->column = column_of(r);
	if (next_is(r, '"')) {
		n->kind = JSONTREE_STRING;
		return read_string(r, &n->text);
	}
	bool object = next_is(r, '{');
	if (object || next_is(r, '[')) {
		if (++r->depth > JSONTREE_DEPTH_MAX)
			return bad(r, ASSAY_E_LIMIT, "nested deeper than is read");
		n->kind = object ? JSONTREE_OBJECT : JSONTREE_ARRAY;
		TRY(read_items(r, n, object));
		r->depth--;
		return object ? sort_members(r, n) : ASSAY_OK;
	}
	return read_word(r, n) ? ASSAY_OK : read_number(r, n);
}

enum assay_status
jsontree_parse(struct assay_span bytes, const char *name, struct arena *arena,
    struct jsontree **ret_root, struct assay_error *err)
{
	struct reader r = { .at = bytes.data, .line = 1, .name = name, .arena = arena, .err = err };
	if (bytes.len >= 3 && memcmp(bytes.data, "\xEF\xBB\xBF", 3) == 0)
		r.at += 3;
	r.line_start = r.at;
	r.end = bytes.len == 0 ? r.at : bytes.data + bytes.len;
	if (bytes.len > JSONTREE_SIZE_MAX)
		return bad(&r, ASSAY_E_LIMIT, "larger than is read");
	if (!text_is_utf8(bytes))
		return bad(&r, ASSAY_E_FORMAT, "not UTF-8, or a NUL in it");
	struct jsontree *root = arena_alloc(arena, sizeof *root);
	if (root == NULL)
		return arena_full(err);
	TRY(read_value(&r, root));
	skip_blanks(&r);
	if (r.at != r.end)
		return bad(&r, ASSAY_E_FORMAT, "something stands behind the value");
	*ret_root = root;
	return ASSAY_OK;
}

const struct jsontree *
jsontree_get(const struct jsontree *object, const char *key)
{
	if (object == NULL || object->kind != JSONTREE_OBJECT)
		return NULL;
	struct jsontree wanted = { .key = key }, *w = &wanted;
	struct jsontree **found = bsearch(&w, object->sorted, object->count, sizeof(struct jsontree *),
	    compare_keys);
	return found != NULL ? *found : NULL;
}

const char *
jsontree_str(const struct jsontree *object, const char *key)
{
	const struct jsontree *n = jsontree_get(object, key);
	return n != NULL && n->kind == JSONTREE_STRING ? n->text : NULL;
}

bool
jsontree_true(const struct jsontree *object, const char *key)
{
	const struct jsontree *n = jsontree_get(object, key);
	return n != NULL && n->kind == JSONTREE_BOOL && n->truth;
}
