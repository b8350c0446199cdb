/* SPDX-License-Identifier: Apache-2.0 */
#include <base/unconst.h>
#include <codec/canon.h>

#include <base/cleanup.h>
#include <base/text.h>

static enum assay_status write_value(const json_t *value, unsigned depth, struct buf *out,
    struct assay_error *err);

/* The escapes of RFC 8785 section 3.2.2.2: short ones where JSON has them. */
static void
write_escape(struct buf *out, unsigned char c)
{
	static const char *const shorts[] = {
		['\b'] = "\\b",
		['\t'] = "\\t",
		['\n'] = "\\n",
		['\f'] = "\\f",
		['\r'] = "\\r",
		['"'] = "\\\"",
		['\\'] = "\\\\",
	};
	if (c < sizeof shorts / sizeof shorts[0] && shorts[c] != NULL)
		buf_add_str(out, shorts[c]);
	else
		buf_addf(out, "\\u%04x", c);
}

static enum assay_status
write_string(const char *text, size_t len, struct buf *out, struct assay_error *err)
{
	struct assay_span s = { (const unsigned char *)text, len };
	if (!text_is_utf8(s))
		return assay_fail(err, ASSAY_E_FORMAT, "text that isn't UTF-8 or holds a NUL");
	buf_add_byte(out, '"');
	size_t from = 0;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = s.data[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(out, s.data + from, i - from);
		write_escape(out, c);
		from = i + 1;
	}
	buf_add(out, s.data + from, len - from);
	buf_add_byte(out, '"');
	return ASSAY_OK;
}

static int
compare_keys(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void
free_keys(const char ***keys)
{
	free(*keys);
}

static enum assay_status
sorted_keys(const json_t *object, const char ***ret_keys, struct assay_error *err)
{
	size_t count = 0;
	const char **keys = calloc(json_object_size(object) + 1, sizeof *keys);
	if (keys == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the keys of an object");
	/* jansson's iterators take no const; nothing is changed through them. */
	json_t *walked = unconst(object);
	for (void *i = json_object_iter(walked); i != NULL; i = json_object_iter_next(walked, i))
		keys[count++] = json_object_iter_key(i);
	qsort(keys, count, sizeof *keys, compare_keys);
	*ret_keys = keys;
	return ASSAY_OK;
}

static enum assay_status
write_object(const json_t *object, unsigned depth, struct buf *out, struct assay_error *err)
{
	CLEANUP(free_keys) const char **keys = NULL;
	TRY(sorted_keys(object, &keys, err));
	buf_add_byte(out, '{');
	for (size_t i = 0; i < json_object_size(object); i++) {
		if (i > 0)
			buf_add_byte(out, ',');
		TRY(write_string(keys[i], strlen(keys[i]), out, err));
		buf_add_byte(out, ':');
		TRY(write_value(json_object_get(object, keys[i]), depth + 1, out, err));
	}
	buf_add_byte(out, '}');
	return ASSAY_OK;
}

static enum assay_status
write_array(const json_t *array, unsigned depth, struct buf *out, struct assay_error *err)
{
	buf_add_byte(out, '[');
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (i > 0)
			buf_add_byte(out, ',');
		TRY(write_value(json_array_get(array, i), depth + 1, out, err));
	}
	buf_add_byte(out, ']');
	return ASSAY_OK;
}

static enum assay_status
write_value(const json_t *value, unsigned depth, struct buf *out, struct assay_error *err)
{
	if (value == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "a JSON value that could not be made");
	if (depth > CANON_DEPTH_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "JSON nested deeper than %d levels",
		    CANON_DEPTH_MAX);
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return write_object(value, depth, out, err);
	case JSON_ARRAY:
		return write_array(value, depth, out, err);
	case JSON_STRING:
		return write_string(json_string_value(value), json_string_length(value), out, err);
	case JSON_INTEGER:
		buf_addf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return ASSAY_OK;
	case JSON_TRUE:
		buf_add_str(out, "true");
		return ASSAY_OK;
	case JSON_FALSE:
		buf_add_str(out, "false");
		return ASSAY_OK;
	case JSON_NULL:
		buf_add_str(out, "null");
		return ASSAY_OK;
	case JSON_REAL:
	default:
		return assay_fail(err, ASSAY_E_FORMAT, "a number that isn't an integer");
	}
}

enum assay_status
canon_write(const json_t *value, struct buf *out, struct assay_error *err)
{
	TRY(write_value(value, 0, out, err));
	return buf_status(out, "canonical JSON", err);
}

/* What has to be known before jansson allocates: how deep, how many. */
struct scan {
	unsigned line;
	unsigned depth;
	size_t values;
	bool in_string;
	bool escaped;
};

static void
scan_byte(struct scan *s, unsigned char c)
{
	if (s->in_string) {
		bool closes = c == '"' && !s->escaped;
		s->escaped = c == '\\' && !s->escaped;
		s->in_string = !closes;
		return;
	}
	switch (c) {
	case '"':
		s->in_string = true;
		break;
	case '\n':
		s->line++;
		break;
	case '[':
	case '{':
		s->depth++;
		s->values++;
		break;
	case ']':
	case '}':
		s->depth -= s->depth > 0;
		break;
	case ',':
		s->values++;
		break;
	default:
		break;
	}
}

static enum assay_status
check_shape(struct assay_span bytes, const char *name, struct assay_error *err)
{
	struct scan s = { .line = 1 };
	if (bytes.len > CANON_SIZE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "'%s' has %zu bytes, at most %u are read",
		    name, bytes.len, CANON_SIZE_MAX);
	for (size_t i = 0; i < bytes.len; i++) {
		/* jansson takes a NUL for the end and would not look at what follows. */
		if (bytes.data[i] == '\0') {
			assay_fail(err, ASSAY_E_FORMAT, "not JSON: a NUL byte");
			return assay_error_at(err, ASSAY_E_FORMAT, name, s.line, 0);
		}
		scan_byte(&s, bytes.data[i]);
		if (s.depth <= CANON_DEPTH_MAX && s.values <= CANON_VALUES_MAX)
			continue;
		assay_fail(err, ASSAY_E_LIMIT, "JSON deeper than %d levels or of more than %d values",
		    CANON_DEPTH_MAX, CANON_VALUES_MAX);
		return assay_error_at(err, ASSAY_E_LIMIT, name, s.line, 0);
	}
	return ASSAY_OK;
}

/* Depth is known to be small by now. */
static bool
has_real(json_t *value)
{
	if (json_is_real(value))
		return true;
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (has_real(json_array_get(value, i)))
			return true;
	}
	for (void *i = json_object_iter(value); i != NULL; i = json_object_iter_next(value, i)) {
		if (has_real(json_object_iter_value(i)))
			return true;
	}
	return false;
}

enum assay_status
canon_read(struct assay_span bytes, const char *name, json_t **ret_value, struct assay_error *err)
{
	json_error_t why;
	TRY(check_shape(bytes, name, err));
	const char *text = bytes.data == NULL ? "" : (const char *)bytes.data;
	/* "\u0000" stays refused: no reader of ours could be shown less of a text than there is. */
	CLEANUP(canon_unref) json_t *value
	    = json_loadb(text, bytes.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (value == NULL) {
		assay_fail(err, ASSAY_E_FORMAT, "not JSON: %s", why.text);
		return assay_error_at(err, ASSAY_E_FORMAT, name, why.line > 0 ? (unsigned)why.line : 0,
		    why.column > 0 ? (unsigned)why.column : 0);
	}
	if (has_real(value)) {
		assay_fail(err, ASSAY_E_FORMAT, "a number that isn't an integer");
		return assay_error_at(err, ASSAY_E_FORMAT, name, 0, 0);
	}
	*ret_value = steal(&value);
	return ASSAY_OK;
}

json_t *
canon_text(struct assay_span bytes)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(CANON_SIZE_MAX);
	if (text_is_utf8(bytes))
		return json_stringn(bytes.len == 0 ? "" : (const char *)bytes.data, bytes.len);
	buf_add_base64(&b, bytes);
	if (b.status != ASSAY_OK)
		return NULL;
	return json_pack("{s:s}", "base64", buf_str(&b));
}

json_t *
canon_sha256(const unsigned char digest[ASSAY_SHA256_SIZE])
{
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	text_hex((struct assay_span){ digest, ASSAY_SHA256_SIZE }, hex);
	return json_string(hex);
}

void
canon_unref(json_t **value)
{
	json_decref(*value);
	*value = NULL;
}
