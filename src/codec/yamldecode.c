/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/yaml.h>

#include <base/buf.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <stdarg.h>

/* Most rows of a table of fields, so that known keys fit on the stack. */
#define FIELDS_MAX 64

const struct yaml_node *
yaml_get(const struct yaml_node *mapping, const char *key)
{
	if (mapping->kind != YAML_MAPPING)
		return NULL;
	for (const struct yaml_node *n = mapping->first; n != NULL; n = n->next) {
		if (strcmp(n->key, key) == 0)
			return n;
	}
	return NULL;
}

bool
yaml_is_null(const struct yaml_node *node)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };
	if (node->kind != YAML_SCALAR || !node->plain)
		return false;
	for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++) {
		if (strcmp(node->text, nulls[i]) == 0)
			return true;
	}
	return false;
}

/* What the value belongs to, for messages: its key, or "the value". */
static const char *
label(const struct yaml_node *node)
{
	return node->key != NULL ? node->key : "the value";
}

static const struct yaml_field *
find_field(const struct yaml_field *fields, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(fields[i].key, key) == 0)
			return &fields[i];
	}
	return NULL;
}

static enum assay_status
unknown_key(const struct yaml_context *c, const struct yaml_node *node,
    const struct yaml_field *fields, size_t count, struct assay_error *err)
{
	const char *known[FIELDS_MAX];
	for (size_t i = 0; i < count; i++)
		known[i] = fields[i].key;
	const char *nearest = text_nearest(node->key, known, count);
	assay_fail(err, ASSAY_E_FORMAT, "unknown key '%s'", node->key);
	assay_error_at(err, ASSAY_E_FORMAT, c->name, node->key_line, node->key_column);
	if (nearest != NULL)
		assay_error_todo(err, ASSAY_E_FORMAT, "did you mean '%s'?", nearest);
	else
		assay_error_todo(err, ASSAY_E_FORMAT, "remove it, or correct its spelling");
	return ASSAY_E_FORMAT;
}

enum assay_status
yaml_decode(const struct yaml_context *c, const struct yaml_node *mapping,
    const struct yaml_field *fields, size_t count, void *into, struct assay_error *err)
{
	if (count > FIELDS_MAX)
		return assay_fail(err, ASSAY_E_INTERNAL, "a table of %zu fields", count);
	if (mapping->kind != YAML_MAPPING)
		return yaml_fail(c, mapping, err, "%s must be a mapping of keys", label(mapping));
	for (const struct yaml_node *n = mapping->first; n != NULL; n = n->next) {
		const struct yaml_field *f = find_field(fields, count, n->key);
		if (f == NULL)
			return unknown_key(c, n, fields, count, err);
		TRY(f->decode(c, n, (char *)into + f->offset, err));
	}
	for (size_t i = 0; i < count; i++) {
		if (!fields[i].required || yaml_get(mapping, fields[i].key) != NULL)
			continue;
		yaml_fail(c, mapping, err, "key '%s' is missing", fields[i].key);
		return assay_error_todo(err, ASSAY_E_FORMAT, "add '%s: ...' here", fields[i].key);
	}
	return ASSAY_OK;
}

enum assay_status
yaml_open(struct assay_span bytes, const struct yaml_context *c, const char *key, uint32_t known,
    struct yaml_node **ret_root, struct assay_error *err)
{
	struct yaml_node *root;
	uint32_t version;
	TRY(yaml_parse(bytes, c->name, c->arena, &root, err));
	if (root->kind != YAML_MAPPING)
		return yaml_fail(c, root, err, "not a mapping: it must begin with '%s: %u'", key, known);
	const struct yaml_node *first = root->first;
	if (first == NULL || strcmp(first->key, key) != 0) {
		yaml_fail(c, first == NULL ? root : first, err, "its first key must be '%s'", key);
		assay_error_at(err, ASSAY_E_FORMAT, c->name, first == NULL ? root->line : first->key_line,
		    first == NULL ? root->column : first->key_column);
		return assay_error_todo(err, ASSAY_E_FORMAT, "begin with '%s: %u'", key, known);
	}
	TRY(yaml_u32(c, first, &version, err));
	if (version == 0)
		return yaml_fail(c, first, err, "%s: there is no format 0", key);
	if (version > known) {
		assay_fail(err, ASSAY_E_VERSION, "%s: format %u is newer than this assay, which knows %u",
		    key, version, known);
		assay_error_at(err, ASSAY_E_VERSION, c->name, first->line, first->column);
		return assay_error_todo(err, ASSAY_E_VERSION, "install a newer assay");
	}
	*ret_root = root;
	return ASSAY_OK;
}

enum assay_status
yaml_ignore(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	(void)c;
	(void)node;
	(void)where;
	(void)err;
	return ASSAY_OK;
}

enum assay_status
yaml_word(const struct yaml_context *c, const struct yaml_node *node, const char *const *words,
    size_t count, size_t *ret_index, struct assay_error *err)
{
	const char *text;
	TRY(yaml_str(c, node, &text, err));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], text) == 0) {
			*ret_index = i;
			return ASSAY_OK;
		}
	}
	CLEANUP(buf_done) struct buf known = BUF_INIT(sizeof err->todo);
	for (size_t i = 0; i < count; i++)
		buf_addf(&known, "%s'%s'", i == 0 ? "" : i + 1 == count ? " or " : ", ", words[i]);
	yaml_fail(c, node, err, "%s can't be '%s'", label(node), text);
	return assay_error_todo(err, ASSAY_E_FORMAT, "write %s", buf_str(&known));
}

enum assay_status
yaml_str(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	const char **out = where;
	if (node->kind != YAML_SCALAR)
		return yaml_fail(c, node, err, "%s must be text", label(node));
	if (yaml_is_null(node)) {
		yaml_fail(c, node, err, "%s has no value", label(node));
		return assay_error_todo(err, ASSAY_E_FORMAT,
		    "give it one, or quote it when this is the text");
	}
	if (node->text_len == 0)
		return yaml_fail(c, node, err, "%s is empty", label(node));
	*out = node->text;
	return ASSAY_OK;
}

enum assay_status
yaml_bool(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	bool *out = where;
	bool is_true = node->kind == YAML_SCALAR && node->plain && strcmp(node->text, "true") == 0;
	bool is_false
	    = node->kind == YAML_SCALAR && node->plain && strcmp(node->text, "false") == 0;
	if (!is_true && !is_false)
		return yaml_fail(c, node, err, "%s must be true or false, without quotes",
		    label(node));
	*out = is_true;
	return ASSAY_OK;
}

enum assay_status
yaml_u32(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	uint32_t *out = where;
	uint64_t value;
	if (node->kind != YAML_SCALAR || !node->plain || node->text_len == 0
	    || (node->text[0] == '0' && node->text_len > 1)
	    || text_to_u64(assay_span_str(node->text), &value) != ASSAY_OK || value > UINT32_MAX)
		return yaml_fail(c, node, err, "%s must be a whole number from 0 to %u",
		    label(node), UINT32_MAX);
	*out = (uint32_t)value;
	return ASSAY_OK;
}

enum assay_status
yaml_time(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	int64_t *out = where;
	struct assay_error why = { 0 };
	if (node->kind != YAML_SCALAR)
		return yaml_fail(c, node, err, "%s must be a date", label(node));
	if (when_parse(assay_span_str(node->text), out, &why) == ASSAY_OK)
		return ASSAY_OK;
	yaml_fail(c, node, err, "%s: %s", label(node), why.what);
	return assay_error_todo(err, ASSAY_E_FORMAT,
	    "write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ (UTC)");
}

enum assay_status
yaml_str_list(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	struct yaml_strings *out = where;
	struct yaml_strings list = { 0 };
	if (node->kind != YAML_SEQUENCE)
		return yaml_fail(c, node, err, "%s must be a list: ['a', 'b'] or lines of '- a'",
		    label(node));
	list.items = arena_array(c->arena, node->count + 1, sizeof *list.items);
	if (list.items == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next)
		TRY(yaml_str(c, n, &list.items[list.count++], err));
	*out = list;
	return ASSAY_OK;
}

#undef yaml_fail
enum assay_status
yaml_fail(const struct yaml_context *c, const struct yaml_node *node, struct assay_error *err,
    const char *fmt, ...)
{
	char what[sizeof err->what];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	assay_fail(err, ASSAY_E_FORMAT, "%s", n < 0 ? "" : what);
	assay_error_at(err, ASSAY_E_FORMAT, c->name, node->line, node->column);
	return ASSAY_E_FORMAT;
}
