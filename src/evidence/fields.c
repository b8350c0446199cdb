/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"

#include <assay/base64.h>
#include <base/cleanup.h>
#include <limits.h>
#include <string.h>

/* A table's lists hold tables in turn, no deeper than this. */
#define FIELDS_DEPTH_MAX 8

struct reading {
	const char *name;
	struct arena *arena;
	unsigned depth;
	struct assay_error *err;
};

static enum assay_status read_struct(struct reading *r, const json_t *object, const struct field *fields, unsigned char *where);

static enum assay_status
malformed(const struct reading *r, const char *key, const char *what)
{
	return assay_fail(r->err, ASSAY_E_FORMAT, "%s: '%s' %s", r->name, key, what);
}

enum assay_status
fields_text(const json_t *value, struct arena *arena, const char **ret_text)
{
	struct assay_span s = { (const unsigned char *)json_string_value(value), json_string_length(value) };
	if (json_is_object(value)) {
		const json_t *coded = json_object_get(value, "base64");
		const struct assay_span text = { (const unsigned char *)json_string_value(coded), json_string_length(coded) };
		const size_t room = ASSAY_BASE64_DECODED_MAX(text.len);
		unsigned char *plain = arena_alloc(arena, room);
		size_t len = 0;
		if (plain == NULL)
			return ASSAY_E_MEMORY;
		if (json_object_size(value) != 1 || text.data == NULL
		    || assay_base64_decode(text, plain, room, &len) != ASSAY_OK)
			return ASSAY_E_FORMAT;
		s = (struct assay_span){ plain, len };
	}
	if (s.data == NULL || memchr(s.data, 0, s.len) != NULL)
		return ASSAY_E_FORMAT;
	*ret_text = arena_copy(arena, s);
	return *ret_text == NULL ? ASSAY_E_MEMORY : ASSAY_OK;
}

static enum assay_status
read_text(const struct reading *r, const char *key, const json_t *value, const char **ret_text)
{
	const enum assay_status status = fields_text(value, r->arena, ret_text);
	if (status == ASSAY_E_MEMORY)
		return arena_full(r->err);
	return status == ASSAY_OK ? ASSAY_OK : malformed(r, key, "holds something that is neither text nor base64");
}

static enum assay_status
read_number(const struct reading *r, const char *key, const json_t *value, unsigned *ret_number)
{
	const json_int_t n = json_integer_value(value);
	if (!json_is_integer(value) || n < 0 || n > INT_MAX)
		return malformed(r, key, "is not a number");
	*ret_number = (unsigned)n;
	return ASSAY_OK;
}

static size_t
size_of(const struct field *f)
{
	return f->kind == FIELD_TEXTS ? sizeof(const char *) : f->kind == FIELD_NUMBERS ? sizeof(unsigned) : f->size;
}

static enum assay_status
read_item(struct reading *r, const struct field *f, const json_t *item, unsigned char *where)
{
	if (f->kind == FIELD_TEXTS)
		return read_text(r, f->key, item, (const char **)(void *)where);
	if (f->kind == FIELD_NUMBERS)
		return read_number(r, f->key, item, (unsigned *)(void *)where);
	return read_struct(r, item, f->fields, where);
}

static enum assay_status
read_list(struct reading *r, const struct field *f, const json_t *value, unsigned char *where)
{
	const size_t count = json_array_size(value);
	const size_t size = size_of(f);
	if (!json_is_array(value))
		return malformed(r, f->key, "is not a list");
	if (count > f->most)
		return assay_fail(r->err, ASSAY_E_LIMIT, "%s: '%s' has more than %zu entries", r->name, f->key, f->most);
	unsigned char *items = arena_array(r->arena, count + 1, size);
	if (items == NULL)
		return arena_full(r->err);
	for (size_t i = 0; i < count; i++)
		TRY(read_item(r, f, json_array_get(value, i), items + i * size));
	memcpy(where + f->offset, &items, sizeof items);
	memcpy(where + f->count, &count, sizeof count);
	return ASSAY_OK;
}

static enum assay_status
read_field(struct reading *r, const struct field *f, const json_t *value, unsigned char *where)
{
	const bool truth = json_is_true(value);
	const char *text = NULL;
	unsigned number = 0;
	if (value == NULL)
		return malformed(r, f->key, "is missing");
	switch (f->kind) {
	case FIELD_TEXT:
		TRY(read_text(r, f->key, value, &text));
		memcpy(where + f->offset, &text, sizeof text);
		return ASSAY_OK;
	case FIELD_BOOL:
		if (!json_is_boolean(value))
			return malformed(r, f->key, "is not true or false");
		memcpy(where + f->offset, &truth, sizeof truth);
		return ASSAY_OK;
	case FIELD_NUMBER:
		TRY(read_number(r, f->key, value, &number));
		memcpy(where + f->offset, &number, sizeof number);
		return ASSAY_OK;
	case FIELD_NUMBERS:
	case FIELD_TEXTS:
	case FIELD_STRUCTS:
		return read_list(r, f, value, where);
	case FIELD_IGNORED:
		break;
	}
	return ASSAY_OK;
}

static enum assay_status
read_struct(struct reading *r, const json_t *object, const struct field *fields, unsigned char *where)
{
	size_t keys = 0;
	if (!json_is_object(object))
		return malformed(r, fields->key, "stands in no object");
	if (++r->depth > FIELDS_DEPTH_MAX)
		return assay_fail(r->err, ASSAY_E_INTERNAL, "%s: tables are too deep", r->name);
	for (; fields[keys].key != NULL; keys++)
		TRY(read_field(r, &fields[keys], json_object_get(object, fields[keys].key), where));
	if (json_object_size(object) != keys)
		return assay_fail(r->err, ASSAY_E_FORMAT, "%s has a key that this version doesn't know", r->name);
	r->depth--;
	return ASSAY_OK;
}

enum assay_status
fields_read(const json_t *object, const struct field *fields, const char *name, struct arena *arena, void *ret_struct,
    struct assay_error *err)
{
	struct reading r = { .name = name, .arena = arena, .err = err };
	return read_struct(&r, object, fields, ret_struct);
}
