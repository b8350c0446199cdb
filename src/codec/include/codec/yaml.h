/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML 1.2, the part that a record needs: one document of mappings, sequences and scalars, every node with its
 * place. yaml_parse() refuses anchors, aliases, tags, merge keys, duplicate or complex keys and further documents.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdbool.h>
#include <stdint.h>

/* libfyaml looks far ahead: hostile brackets take about 350 bytes of memory each. */
#define YAML_SIZE_MAX (1u << 20)
#define YAML_DEPTH_MAX 32
#define YAML_NODES_MAX 200000

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
	enum yaml_kind kind;
	bool plain;       /* scalar written without quotes or block marks */
	bool block;       /* scalar written as lines below a '|': line n of its text stands in line line + n - 1 */
	bool merged;      /* yaml_parse_loose: it came here by a merge key */
	const char *tag;  /* yaml_parse_loose: "!reference"; else NULL */
	unsigned line;    /* from 1 */
	unsigned column;  /* from 1 */
	const char *key;  /* in a mapping; NULL elsewhere */
	unsigned key_line, key_column;
	const char *text; /* scalar, NUL-terminated, no NUL inside, UTF-8 */
	size_t text_len;
	struct yaml_node *first; /* children, in the order of the file */
	struct yaml_node *next;
	size_t count;
};

/* name stands in errors. An empty document is ASSAY_E_FORMAT. */
ASSAY_MUST_USE enum assay_status yaml_parse(struct assay_span bytes, const char *name,
    struct arena *arena, struct yaml_node **ret_root, struct assay_error *err);
/*
 * YAML as pipelines are written in it: also anchors, aliases, merge keys ("<<") and tags, and up to YAML_DOCUMENTS_MAX
 * documents, linked by next. An alias is a copy of what it stands for, with the places of the original, and counts towards
 * YAML_NODES_MAX: what would grow beyond it is ASSAY_E_LIMIT. Duplicate keys are refused here too.
 */
#define YAML_DOCUMENTS_MAX 16
#define YAML_ANCHORS_MAX 1000
ASSAY_MUST_USE enum assay_status yaml_parse_loose(struct assay_span bytes, const char *name,
    struct arena *arena, struct yaml_node **ret_first, struct assay_error *err);
/* The value of key in a mapping, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);
/* A plain scalar that stands for nothing: empty, "~" or "null". */
bool yaml_is_null(const struct yaml_node *node);

/*
 * Decoding by table: one row a key. Unknown keys are an error that names the nearest known one; a missing
 * required key is an error at the mapping.
 */
struct yaml_context {
	const char *name; /* file, for errors */
	struct arena *arena;
};

struct yaml_field {
	const char *key;
	bool required;
	size_t offset; /* in the struct that is filled */
	enum assay_status (*decode)(const struct yaml_context *c, const struct yaml_node *node,
	    void *where, struct assay_error *err);
};

ASSAY_MUST_USE enum assay_status yaml_decode(const struct yaml_context *c,
    const struct yaml_node *mapping, const struct yaml_field *fields, size_t count, void *into,
    struct assay_error *err);

/*
 * Parses a mapping whose first key is the format's version ("assay-policy: 1"). ASSAY_E_VERSION when it is newer
 * than known, said before anything else is looked at.
 */
ASSAY_MUST_USE enum assay_status yaml_open(struct assay_span bytes, const struct yaml_context *c,
    const char *key, uint32_t known, struct yaml_node **ret_root, struct assay_error *err);
/* The index of the scalar among words; an error names them all. */
ASSAY_MUST_USE enum assay_status yaml_word(const struct yaml_context *c,
    const struct yaml_node *node, const char *const *words, size_t count, size_t *ret_index,
    struct assay_error *err);

/* Decoders for common types; where points to the type named. */
enum assay_status yaml_str(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err); /* const char *, not empty and not null */
enum assay_status yaml_bool(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err); /* bool: true or false */
enum assay_status yaml_u32(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err); /* uint32_t */
enum assay_status yaml_time(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err); /* int64_t, see base/when.h */
/* A sequence of strings, each as yaml_str has it. */
struct yaml_strings {
	const char **items;
	size_t count;
};
enum assay_status yaml_str_list(const struct yaml_context *c, const struct yaml_node *node,
    void *where, struct assay_error *err); /* struct yaml_strings */
/* For a key that was read already. */
enum assay_status yaml_ignore(const struct yaml_context *c, const struct yaml_node *node,
    void *where, struct assay_error *err);
/* ASSAY_E_FORMAT at the node. */
enum assay_status yaml_fail(const struct yaml_context *c, const struct yaml_node *node,
    struct assay_error *err, const char *fmt, ...) ASSAY_PRINTF(4, 5);
/* As assay_fail(). */
#define yaml_fail(...)                                                                             \
	__extension__({                                                                            \
		(void)yaml_fail(__VA_ARGS__);                                                      \
		(enum assay_status)ASSAY_E_FORMAT;                                                                  \
	})
