/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass turns the text into nodes and decodes its strings, a second one writes the nodes in canonical form. The
 * room holds three areas: the canonical form from its start, the nodes behind what that can take at most, and the
 * decoded strings at its end.
 */
#include <assay/json.h>
#include <stdbool.h>
#include <string.h>

#include "utf8.h"

enum node_kind {
	NODE_STRING,  /* at, len: among the decoded strings; a name's value is the next node */
	NODE_LITERAL, /* at, len: in the text; an integer, true, false or null */
	NODE_OBJECT,  /* at: first name, len: how many */
	NODE_ARRAY,   /* at: first item, len: how many */
};

struct node {
	uint32_t kind;
	uint32_t at;
	uint32_t len;
	uint32_t next; /* of the same container; 0 ends the list, for node 0 is in none */
};
_Static_assert(sizeof(struct node) == 16, "ASSAY_JSON_ROOM counts 16 bytes a node");

struct reader {
	struct assay_span text;
	size_t pos;
	unsigned char *strings;
	size_t strings_len;
	struct node *nodes;
	size_t count, most;
	struct assay_error *err;
};

struct writer {
	unsigned char *out;
	size_t len;
};

static enum assay_status
refuse(const struct reader *r, enum assay_status status, const char *what)
{
	unsigned line = 1, column = 1;

	for (size_t i = 0; i < r->pos && i < r->text.len; i++) {
		column = r->text.data[i] == '\n' ? 1 : column + 1;
		line += r->text.data[i] == '\n';
	}
	assay_fail(r->err, status, "JSON: %s", what);
	return assay_error_at(r->err, status, NULL, line, column);
}

static enum assay_status
malformed(const struct reader *r, const char *what)
{
	return refuse(r, ASSAY_E_FORMAT, what);
}

/* The byte at pos; 0, which stands nowhere in JSON, at the end. */
static unsigned char
peek(const struct reader *r)
{
	return r->pos < r->text.len ? r->text.data[r->pos] : 0;
}

static void
skip_space(struct reader *r)
{
	for (unsigned char c = peek(r); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(r))
		r->pos++;
}

static enum assay_status
add_node(struct reader *r, enum node_kind kind, size_t at, size_t len, uint32_t *ret_index)
{
	if (r->count >= ASSAY_JSON_VALUES_MAX)
		return refuse(r, ASSAY_E_LIMIT, "too many values");
	if (r->count >= r->most)
		return refuse(r, ASSAY_E_LIMIT, "the room for reading it is too small");
	*ret_index = (uint32_t)r->count;
	r->nodes[r->count++] = (struct node) { kind, (uint32_t)at, (uint32_t)len, 0 };
	return ASSAY_OK;
}

static bool
hex4(struct reader *r, uint32_t *ret_code)
{
	uint32_t code = 0;

	if (r->text.len - r->pos < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		unsigned char c = r->text.data[r->pos + i];
		unsigned char lower = c | 0x20;
		if (c >= '0' && c <= '9')
			code = code << 4 | (uint32_t)(c - '0');
		else if (lower >= 'a' && lower <= 'f')
			code = code << 4 | (uint32_t)(lower - 'a' + 10);
		else
			return false;
	}
	r->pos += 4;
	*ret_code = code;
	return true;
}

/* What follows "\u". Half a surrogate pair has no meaning, and U+0000 would end a name early for a reader in C. */
static enum assay_status
read_unicode(struct reader *r)
{
	uint32_t code, low;

	if (!hex4(r, &code))
		return malformed(r, "'\\u' needs four hexadecimal digits");
	if (code == 0)
		return malformed(r, "U+0000 in a text");
	if (code >= 0xd800 && code <= 0xdbff) {
		bool pair = peek(r) == '\\' && r->text.len - r->pos > 1 && r->text.data[r->pos + 1] == 'u';
		r->pos += pair ? 2 : 0;
		if (!pair || !hex4(r, &low) || low < 0xdc00 || low > 0xdfff)
			return malformed(r, "half of a surrogate pair");
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	} else if (code >= 0xdc00 && code <= 0xdfff) {
		return malformed(r, "half of a surrogate pair");
	}
	r->strings_len += utf8_write(code, r->strings + r->strings_len);
	return ASSAY_OK;
}

static enum assay_status
read_escape(struct reader *r)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	unsigned char c = peek(r);
	const char *found = c == 0 ? NULL : strchr(from, c);

	r->pos++;
	if (c == 'u')
		return read_unicode(r);
	if (found == NULL)
		return malformed(r, "a backslash before what it can't stand before");
	r->strings[r->strings_len++] = (unsigned char)to[found - from];
	return ASSAY_OK;
}

/* At the quote. */
static enum assay_status
read_string(struct reader *r, uint32_t *ret_index)
{
	size_t start = r->strings_len;
	uint32_t code;

	r->pos++;
	while (peek(r) != '"') {
		struct assay_span rest = { r->text.data + r->pos, r->text.len - r->pos };
		if (rest.len == 0)
			return malformed(r, "a text without its end");
		if (rest.data[0] == '\\') {
			r->pos++;
			enum assay_status status = read_escape(r);
			if (status != ASSAY_OK)
				return status;
			continue;
		}
		size_t len = utf8_char(rest, &code);
		if (len == 0)
			return malformed(r, "not UTF-8");
		if (code < 0x20)
			return malformed(r, "a control character that isn't escaped");
		memcpy(r->strings + r->strings_len, rest.data, len);
		r->strings_len += len;
		r->pos += len;
	}
	r->pos++;
	return add_node(r, NODE_STRING, start, r->strings_len - start, ret_index);
}

static enum assay_status
read_integer(struct reader *r, uint32_t *ret_index)
{
	size_t start = r->pos;
	uint64_t value = 0;

	r->pos += peek(r) == '-';
	size_t digits = r->pos;
	for (unsigned char c = peek(r); c >= '0' && c <= '9'; c = peek(r)) {
		value = value * 10 + (uint64_t)(c - '0');
		if (value > ASSAY_JSON_INTEGER_MAX)
			return malformed(r, "an integer beyond 9007199254740991");
		r->pos++;
	}
	if (r->pos == digits)
		return malformed(r, "not a value");
	if (r->text.data[digits] == '0' && (r->pos - digits > 1 || digits > start))
		return malformed(r, "an integer with a needless zero");
	if (peek(r) == '.' || peek(r) == 'e' || peek(r) == 'E')
		return malformed(r, "a number that isn't written as an integer");
	return add_node(r, NODE_LITERAL, start, r->pos - start, ret_index);
}

static enum assay_status
read_literal(struct reader *r, uint32_t *ret_index)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t len = strlen(words[i]), start = r->pos;
		if (r->text.len - start >= len && memcmp(r->text.data + start, words[i], len) == 0) {
			r->pos += len;
			return add_node(r, NODE_LITERAL, start, len, ret_index);
		}
	}
	return read_integer(r, ret_index);
}

static enum assay_status read_value(struct reader *r, unsigned depth, uint32_t *ret_index);

/* A name with its value, or an item. */
static enum assay_status
read_child(struct reader *r, unsigned depth, bool named, uint32_t *ret_index)
{
	uint32_t value = 0;

	skip_space(r);
	if (!named)
		return read_value(r, depth, ret_index);
	if (peek(r) != '"')
		return malformed(r, "a member without a name");
	enum assay_status status = read_string(r, ret_index);
	if (status != ASSAY_OK)
		return status;
	skip_space(r);
	if (peek(r) != ':')
		return malformed(r, "no ':' after a name");
	r->pos++;
	skip_space(r);
	status = read_value(r, depth, &value);
	/* The value is the next node: nothing comes between. */
	return status;
}

static enum assay_status
read_container(struct reader *r, unsigned depth, uint32_t *ret_index)
{
	bool object = peek(r) == '{';
	unsigned char end = object ? '}' : ']';
	uint32_t self = 0, child = 0, last = 0;

	if (depth >= ASSAY_JSON_DEPTH_MAX)
		return refuse(r, ASSAY_E_LIMIT, "nested too deeply");
	enum assay_status status = add_node(r, object ? NODE_OBJECT : NODE_ARRAY, 0, 0, &self);
	if (status != ASSAY_OK)
		return status;
	r->pos++;
	skip_space(r);
	while (peek(r) != end || r->nodes[self].len > 0) {
		status = read_child(r, depth + 1, object, &child);
		if (status != ASSAY_OK)
			return status;
		if (last == 0)
			r->nodes[self].at = child;
		else
			r->nodes[last].next = child;
		last = child;
		r->nodes[self].len++;
		skip_space(r);
		if (peek(r) == end)
			break;
		if (peek(r) != ',')
			return malformed(r, object ? "no ',' or '}' after a member" : "no ',' or ']' after an item");
		r->pos++;
	}
	r->pos++;
	*ret_index = self;
	return ASSAY_OK;
}

static enum assay_status
read_value(struct reader *r, unsigned depth, uint32_t *ret_index)
{
	switch (peek(r)) {
	case '{':
	case '[':
		return read_container(r, depth, ret_index);
	case '"':
		return read_string(r, ret_index);
	default:
		return read_literal(r, ret_index);
	}
}

/* Order of names by their bytes, which for UTF-8 is that of their code points. */
static int
compare(const struct reader *r, uint32_t a, uint32_t b)
{
	const struct node *x = &r->nodes[a], *y = &r->nodes[b];
	size_t least = x->len < y->len ? x->len : y->len;
	int order = least == 0 ? 0 : memcmp(r->strings + x->at, r->strings + y->at, least);

	return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

static uint32_t
merge(struct reader *r, uint32_t a, uint32_t b)
{
	uint32_t first = 0, last = 0;

	while (a != 0 && b != 0) {
		uint32_t *from = compare(r, a, b) <= 0 ? &a : &b;
		uint32_t taken = *from;
		*from = r->nodes[taken].next;
		if (last == 0)
			first = taken;
		else
			r->nodes[last].next = taken;
		last = taken;
	}
	r->nodes[last].next = a != 0 ? a : b;
	return first;
}

/* Sorts count names that begin with first. As deep as the count has bits. */
static uint32_t
sort_names(struct reader *r, uint32_t first, uint32_t count)
{
	uint32_t middle = first;

	if (count < 2)
		return first;
	for (uint32_t i = 1; i < count / 2; i++)
		middle = r->nodes[middle].next;
	uint32_t second = r->nodes[middle].next;
	r->nodes[middle].next = 0;
	return merge(r, sort_names(r, first, count / 2), sort_names(r, second, count - count / 2));
}

static enum assay_status
sort_objects(struct reader *r)
{
	for (size_t i = 0; i < r->count; i++) {
		struct node *object = &r->nodes[i];
		if (object->kind != NODE_OBJECT || object->len < 2)
			continue;
		object->at = sort_names(r, object->at, object->len);
		for (uint32_t n = object->at; r->nodes[n].next != 0; n = r->nodes[n].next) {
			/* Two readers could each take another one of them. */
			if (compare(r, n, r->nodes[n].next) == 0)
				return assay_fail(r->err, ASSAY_E_FORMAT, "JSON: a name stands twice in an object: '%.*s'",
				    r->nodes[n].len > 64 ? 64 : (int)r->nodes[n].len,
				    (const char *)r->strings + r->nodes[n].at);
		}
	}
	return ASSAY_OK;
}

static void
put(struct writer *w, unsigned char c)
{
	w->out[w->len++] = c;
}

static void
write_string(const struct reader *r, const struct node *n, struct writer *w)
{
	put(w, '"');
	for (size_t i = 0; i < n->len; i++) {
		unsigned char c = r->strings[n->at + i];
		if (c == '"' || c == '\\')
			put(w, '\\');
		put(w, c);
	}
	put(w, '"');
}

/* What is written is never longer than what was read: no escape is, and white space goes. */
static void
write_value(const struct reader *r, uint32_t index, struct writer *w)
{
	const struct node *n = &r->nodes[index];
	bool object = n->kind == NODE_OBJECT;

	if (n->kind == NODE_STRING) {
		write_string(r, n, w);
		return;
	}
	if (n->kind == NODE_LITERAL) {
		memcpy(w->out + w->len, r->text.data + n->at, n->len);
		w->len += n->len;
		return;
	}
	put(w, object ? '{' : '[');
	for (uint32_t child = n->at; child != 0; child = r->nodes[child].next) {
		if (child != n->at)
			put(w, ',');
		write_value(r, child, w);
		if (object) {
			put(w, ':');
			write_value(r, child + 1, w);
		}
	}
	put(w, object ? '}' : ']');
}

/* Divides the room. False when it is too small to hold the canonical form and the strings. */
static bool
divide(struct reader *r, unsigned char *room, size_t room_size)
{
	size_t len = r->text.len;
	size_t nodes = len + (16 - ((uintptr_t)room + len) % 16) % 16;

	if (room == NULL || room_size < nodes + len)
		return false;
	r->strings = room + room_size - len;
	/* Aligned just now, and the compiler can't see it. */
	r->nodes = (struct node *)(void *)(room + nodes);
	r->most = (room_size - len - nodes) / sizeof(struct node);
	return true;
}

enum assay_status
assay_json_canonical(struct assay_span text, unsigned char *room, size_t room_size,
    struct assay_span *ret_canonical, struct assay_error *err)
{
	struct reader r = { .text = text, .err = err };
	struct writer w = { .out = room };
	uint32_t top = 0;

	if (text.len > ASSAY_JSON_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "JSON: longer than %u bytes", ASSAY_JSON_MAX);
	if (!divide(&r, room, room_size))
		return assay_fail(err, ASSAY_E_LIMIT, "JSON: the room for reading it is too small");
	skip_space(&r);
	enum assay_status status = read_value(&r, 0, &top);
	if (status != ASSAY_OK)
		return status;
	skip_space(&r);
	if (r.pos < text.len)
		return malformed(&r, "something follows after the value");
	status = sort_objects(&r);
	if (status != ASSAY_OK)
		return status;
	write_value(&r, top, &w);
	*ret_canonical = (struct assay_span) { room, w.len };
	return ASSAY_OK;
}
