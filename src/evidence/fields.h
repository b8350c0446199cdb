/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structs out of canonical JSON, by tables: a table is a struct's keys, all of them asked for and no others taken.
 */
#pragma once

#include <base/arena.h>
#include <codec/canon.h>
#include <stdbool.h>
#include <stddef.h>

enum field_kind {
	FIELD_TEXT,    /* const char * */
	FIELD_BOOL,    /* bool */
	FIELD_NUMBER,  /* unsigned */
	FIELD_TEXTS,   /* const char *const *, with a size_t at count */
	FIELD_NUMBERS, /* const unsigned *, with a size_t at count */
	FIELD_STRUCTS, /* const struct *, of size and with fields, with a size_t at count */
	FIELD_IGNORED, /* read by others */
};

/* A table ends with a row whose key is NULL. */
struct field {
	const char *key;
	enum field_kind kind;
	size_t offset, count;
	const struct field *fields;
	size_t size;
	size_t most; /* of a list */
};

/* name stands in errors. ASSAY_E_FORMAT for what isn't of the table, ASSAY_E_LIMIT for a list over its most. */
ASSAY_MUST_USE enum assay_status fields_read(const json_t *object, const struct field *fields, const char *name,
    struct arena *arena, void *ret_struct, struct assay_error *err);
/* A string, or {"base64"} where it wasn't UTF-8. NULs can't be in a path: they are refused. ASSAY_E_FORMAT, ASSAY_E_MEMORY. */
ASSAY_MUST_USE enum assay_status fields_text(const json_t *value, struct arena *arena, const char **ret_text);
