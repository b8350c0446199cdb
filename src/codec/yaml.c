/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libfyaml's events → our own tree. Its documents are not used: they resolve aliases without a bound and look for
 * duplicate keys in quadratic time.
 */
#include "yaml_read.h"

#include <libfyaml.h>

#include <base/cleanup.h>
#include <base/text.h>

static void
reader_done(struct yaml_reader *r)
{
	if (r->parser != NULL)
		fy_parser_destroy(r->parser);
	if (r->diag != NULL)
		fy_diag_destroy(r->diag);
}

enum assay_status
yaml_fail_at(const struct yaml_reader *r, unsigned line, unsigned column, const char *what)
{
	assay_fail(r->err, ASSAY_E_FORMAT, "%s", what);
	assay_error_at(r->err, ASSAY_E_FORMAT, r->name, line, column);
	return ASSAY_E_FORMAT;
}

static enum assay_status
fail_todo(const struct yaml_reader *r, const struct yaml_node *at, const char *what, const char *todo)
{
	yaml_fail_at(r, at->line, at->column, what);
	assay_error_todo(r->err, ASSAY_E_FORMAT, "%s", todo);
	return ASSAY_E_FORMAT;
}

/* libfyaml's output goes nowhere: its errors are collected and turned into ours. */
static void
discard(struct fy_diag *diag, void *user, const char *text, size_t len)
{
	(void)diag;
	(void)user;
	(void)text;
	(void)len;
}

static enum assay_status
fail_by_library(const struct yaml_reader *r)
{
	void *step = NULL;
	const struct fy_diag_error *e = fy_diag_errors_iterate(r->diag, &step);
	if (e == NULL || e->msg == NULL)
		return yaml_fail_at(r, 0, 0, "not well-formed YAML");
	assay_fail(r->err, ASSAY_E_FORMAT, "not well-formed YAML: %s", e->msg);
	unsigned line = e->line > 0 ? (unsigned)e->line : 0;
	unsigned column = e->column > 0 ? (unsigned)e->column : 0;
	assay_error_at(r->err, ASSAY_E_FORMAT, r->name, line, column);
	return ASSAY_E_FORMAT;
}

/* One byte further: counts lines and, like libfyaml, columns in characters. */
static void
advance(unsigned char byte, unsigned *line, unsigned *column)
{
	if (byte == '\n') {
		++*line;
		*column = 1;
	} else if ((byte & 0xC0) != 0x80) {
		++*column;
	}
}

/* The length of the UTF-8 sequence that starts s, 0 when it is none. */
static size_t
sequence_length(struct assay_span s)
{
	unsigned char b = s.data[0];
	size_t n = b < 0x80 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
	if (n > s.len || !text_is_utf8((struct assay_span){ s.data, n }))
		return 0;
	return n;
}

/* Refuses what no line of YAML may hold, saying where: libfyaml would stop at some of it, and pass some. */
static enum assay_status
check_bytes(const struct yaml_reader *r, struct assay_span bytes)
{
	unsigned line = 1, column = 1;
	size_t at = 0;
	while (at < bytes.len) {
		unsigned char b = bytes.data[at];
		if (b == 0)
			return yaml_fail_at(r, line, column, "a NUL byte");
		if ((b < 0x20 && b != '\t' && b != '\n' && b != '\r') || b == 0x7F)
			return yaml_fail_at(r, line, column, "a control character");
		/* Refused here because libfyaml takes quadratic time for a long line of them. */
		if (b == '%' && column == 1)
			return yaml_fail_at(r, line, column, "a directive ('%'): none are known here");
		size_t n = sequence_length((struct assay_span){ bytes.data + at, bytes.len - at });
		if (n == 0)
			return yaml_fail_at(r, line, column, "not UTF-8");
		advance(b, &line, &column);
		at += n;
	}
	return ASSAY_OK;
}

static enum assay_status
reader_open(struct yaml_reader *r, struct assay_span bytes)
{
	const struct fy_diag_cfg diag_config = {
		.output_fn = discard,
		.level = FYET_ERROR,
		.module_mask = ~0u,
	};
	r->diag = fy_diag_create(&diag_config);
	if (r->diag == NULL)
		return arena_full(r->err);
	fy_diag_set_collect_errors(r->diag, true);
	const struct fy_parse_cfg config = {
		.search_path = "",
		.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2
		    | FYPCF_JSON_NONE | FYPCF_DISABLE_MMAP_OPT,
		.diag = r->diag,
	};
	r->parser = fy_parser_create(&config);
	if (r->parser == NULL)
		return arena_full(r->err);
	if (fy_parser_set_string(r->parser, (const char *)bytes.data, bytes.len) != 0)
		return assay_fail(r->err, ASSAY_E_INTERNAL, "libfyaml takes no input");
	return ASSAY_OK;
}

static void
place(struct fy_event *e, unsigned *ret_line, unsigned *ret_column)
{
	const struct fy_mark *mark = fy_event_start_mark(e);
	*ret_line = mark != NULL && mark->line >= 0 ? (unsigned)mark->line + 1 : 0;
	*ret_column = mark != NULL && mark->column >= 0 ? (unsigned)mark->column + 1 : 0;
	if (e->type != FYET_SCALAR || *ret_column < 2)
		return;
	/* libfyaml's mark stands behind the quote. */
	enum fy_scalar_style style = fy_token_scalar_style(e->scalar.value);
	if (style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED)
		--*ret_column;
}

/* At an anchor, alias or tag, whose mark stands somewhere behind its sign. */
static enum assay_status
fail_at_sign(const struct yaml_reader *r, struct fy_token *token, char sign, const char *what)
{
	const struct fy_mark *mark = fy_token_start_mark(token);
	if (mark == NULL)
		return yaml_fail_at(r, 0, 0, what);
	unsigned column = (unsigned)mark->column + 1;
	size_t at = mark->input_pos;
	while (column > 1 && at > 0 && at <= r->bytes.len && (char)r->bytes.data[at - 1] == sign) {
		column--;
		at--;
	}
	return yaml_fail_at(r, (unsigned)mark->line + 1, column, what);
}

/* Anchors, aliases and tags, on whatever node. */
static enum assay_status
check_decoration(const struct yaml_reader *r, struct fy_event *e)
{
	struct fy_token *anchor = fy_event_get_anchor_token(e);
	struct fy_token *tag = fy_event_get_tag_token(e);
	if (r->loose != NULL)
		return ASSAY_OK;
	if (e->type == FYET_ALIAS)
		return fail_at_sign(r, fy_event_get_token(e), '*',
		    "an alias ('*'): write the value out");
	if (anchor != NULL)
		return fail_at_sign(r, anchor, '&',
		    "an anchor ('&'): write the value out where it is needed");
	if (tag != NULL)
		return fail_at_sign(r, tag, '!', "a tag ('!'): none are known here");
	return ASSAY_OK;
}

static enum assay_status
copy_scalar(const struct yaml_reader *r, struct fy_event *e, struct yaml_node *n)
{
	size_t len = 0;
	const char *text = fy_token_get_text(e->scalar.value, &len);
	if (text == NULL)
		text = "";
	struct assay_span s = { (const unsigned char *)text, len };
	if (!text_is_utf8(s))
		return yaml_fail_at(r, n->line, n->column, "an escape that gives a NUL or no character");
	enum fy_scalar_style style = fy_token_scalar_style(e->scalar.value);
	n->plain = style == FYSS_PLAIN;
	n->block = style == FYSS_LITERAL;
	n->text = arena_copy(r->arena, s);
	n->text_len = len;
	return n->text == NULL ? arena_full(r->err) : ASSAY_OK;
}

enum assay_status
yaml_count_node(struct yaml_reader *r)
{
	if (++r->nodes > YAML_NODES_MAX)
		return assay_fail(r->err, ASSAY_E_LIMIT, "'%s' has more than %d values", r->name,
		    YAML_NODES_MAX);
	return ASSAY_OK;
}

static struct assay_span
token_text(struct fy_token *token)
{
	size_t len = 0;
	const char *text = fy_token_get_text(token, &len);
	return (struct assay_span){ (const unsigned char *)text, text != NULL ? len : 0 };
}

static enum assay_status
keep_decoration(const struct yaml_reader *r, struct fy_event *e, struct yaml_node *n)
{
	struct fy_token *anchor = fy_event_get_anchor_token(e);
	struct fy_token *tag = fy_event_get_tag_token(e);
	if (tag != NULL) {
		n->tag = arena_copy(r->arena, token_text(tag));
		if (n->tag == NULL)
			return arena_full(r->err);
	}
	return anchor != NULL ? yaml_loose_anchor(r, token_text(anchor), n) : ASSAY_OK;
}

static enum assay_status
new_node(struct yaml_reader *r, struct fy_event *e, enum yaml_kind kind, struct yaml_node **ret_node)
{
	TRY(yaml_count_node(r));
	TRY(check_decoration(r, e));
	struct yaml_node *n = arena_alloc(r->arena, sizeof *n);
	if (n == NULL)
		return arena_full(r->err);
	n->kind = kind;
	place(e, &n->line, &n->column);
	if (kind == YAML_SCALAR)
		TRY(copy_scalar(r, e, n));
	if (r->loose != NULL)
		TRY(keep_decoration(r, e, n));
	*ret_node = n;
	return ASSAY_OK;
}

struct event {
	struct fy_parser *parser;
	struct fy_event *e;
};

static void
event_done(struct event *event)
{
	if (event->e != NULL)
		fy_parser_event_free(event->parser, event->e);
}

static enum assay_status
next_event(const struct yaml_reader *r, struct event *ret_event)
{
	struct event event = { r->parser, fy_parser_parse(r->parser) };
	if (event.e == NULL)
		return fail_by_library(r);
	*ret_event = event;
	return ASSAY_OK;
}

/* A mapping or sequence that is being read; the key that waits for its value. */
struct level {
	struct yaml_node *node;
	struct yaml_node *last;
	struct yaml_node *key;
};

struct tree {
	struct level levels[YAML_DEPTH_MAX];
	size_t depth;
	struct yaml_node *root, *last_root;
	size_t documents;
	bool complete;
};

static enum assay_status
check_key(const struct yaml_reader *r, const struct yaml_node *key)
{
	if (key->kind != YAML_SCALAR)
		return fail_todo(r, key, "a key that isn't a plain word", "use a word as key");
	if (key->text_len == 0)
		return fail_todo(r, key, "an empty key", "write the key before the ':'");
	if (r->loose == NULL && strcmp(key->text, "<<") == 0)
		return fail_todo(r, key, "a merge key ('<<')", "write the merged keys out");
	return ASSAY_OK;
}

/* Of several documents those that hold nothing are left out. */
static void
add_root(const struct yaml_reader *r, struct tree *t, struct yaml_node *n)
{
	if (r->loose != NULL && n->line == 0)
		return;
	if (t->last_root != NULL)
		t->last_root->next = n;
	else
		t->root = n;
	t->last_root = n;
}

/* Hangs a node where it belongs: as root, item, key, or value of the key before. */
static enum assay_status
attach(const struct yaml_reader *r, struct tree *t, struct yaml_node *n)
{
	if (t->depth == 0) {
		add_root(r, t, n);
		return ASSAY_OK;
	}
	struct level *l = &t->levels[t->depth - 1];
	/* What isn't written has no place of its own. */
	const struct yaml_node *near = l->key != NULL ? l->key : l->last != NULL ? l->last : l->node;
	if (n->line == 0) {
		n->line = near->line;
		n->column = near->column;
	}
	if (l->node->kind == YAML_MAPPING) {
		if (l->key == NULL) {
			l->key = n;
			return check_key(r, n);
		}
		n->key = l->key->text;
		n->key_line = l->key->line;
		n->key_column = l->key->column;
		l->key = NULL;
	}
	if (l->last == NULL)
		l->node->first = n;
	else
		l->last->next = n;
	l->last = n;
	l->node->count++;
	return ASSAY_OK;
}

static int
compare_keys(const void *left, const void *right)
{
	const struct yaml_node *const *a = left;
	const struct yaml_node *const *b = right;
	int cmp = strcmp((*a)->key, (*b)->key);
	if (cmp != 0)
		return cmp;
	if ((*a)->key_line != (*b)->key_line)
		return (*a)->key_line < (*b)->key_line ? -1 : 1;
	return (*a)->key_column < (*b)->key_column ? -1 : 1;
}

enum assay_status
yaml_sorted(const struct yaml_reader *r, const struct yaml_node *mapping, const struct yaml_node ***ret_sorted)
{
	const struct yaml_node **sorted
	    = arena_array(r->arena, mapping->count, sizeof *sorted);
	if (sorted == NULL)
		return arena_full(r->err);
	size_t count = 0;
	for (const struct yaml_node *n = mapping->first; n != NULL && count < mapping->count; n = n->next)
		sorted[count++] = n;
	qsort(sorted, count, sizeof *sorted, compare_keys);
	*ret_sorted = sorted;
	return ASSAY_OK;
}

static enum assay_status
check_duplicates(const struct yaml_reader *r, const struct yaml_node *mapping)
{
	if (mapping->count < 2)
		return ASSAY_OK;
	const struct yaml_node **sorted = NULL;
	TRY(yaml_sorted(r, mapping, &sorted));
	for (size_t i = 1; i < mapping->count; i++) {
		if (strcmp(sorted[i - 1]->key, sorted[i]->key) != 0)
			continue;
		assay_fail(r->err, ASSAY_E_FORMAT, "key '%s' stands twice, first in line %u",
		    sorted[i]->key, sorted[i - 1]->key_line);
		assay_error_at(r->err, ASSAY_E_FORMAT, r->name, sorted[i]->key_line, sorted[i]->key_column);
		return assay_error_todo(r->err, ASSAY_E_FORMAT, "remove one of the two");
	}
	return ASSAY_OK;
}

static enum assay_status
begin(struct yaml_reader *r, struct tree *t, struct fy_event *e, enum yaml_kind kind)
{
	struct yaml_node *n = NULL;
	TRY(new_node(r, e, kind, &n));
	TRY(attach(r, t, n));
	if (t->depth == YAML_DEPTH_MAX) {
		assay_fail(r->err, ASSAY_E_LIMIT, "nested deeper than %d levels", YAML_DEPTH_MAX);
		return assay_error_at(r->err, ASSAY_E_LIMIT, r->name, n->line, n->column);
	}
	t->levels[t->depth++] = (struct level){ .node = n };
	return ASSAY_OK;
}

static enum assay_status
end(const struct yaml_reader *r, struct tree *t)
{
	struct yaml_node *n = t->depth > 0 ? t->levels[--t->depth].node : NULL;
	if (n == NULL)
		return assay_fail(r->err, ASSAY_E_INTERNAL, "more ends than beginnings");
	if (n->kind != YAML_MAPPING)
		return ASSAY_OK;
	TRY(check_duplicates(r, n));
	return r->loose != NULL ? yaml_loose_merge(r, n) : ASSAY_OK;
}

static enum assay_status
scalar(struct yaml_reader *r, struct tree *t, struct fy_event *e)
{
	struct yaml_node *n = NULL;
	TRY(new_node(r, e, YAML_SCALAR, &n));
	return attach(r, t, n);
}

static enum assay_status
start_document(const struct yaml_reader *r, struct fy_event *e, struct tree *t)
{
	unsigned line, column;
	place(e, &line, &column);
	if (r->loose == NULL && t->root != NULL)
		return yaml_fail_at(r, line, column, "a second document: one file holds one");
	if (t->documents++ == YAML_DOCUMENTS_MAX)
		return yaml_fail_at(r, line, column, "too many documents in one file");
	if (r->loose != NULL)
		r->loose->count = 0;
	const struct fy_version *version = fy_document_start_event_version(e);
	struct fy_document_state *state = e->document_start.document_state;
	if (version == NULL || fy_document_state_version_explicit(state)
	    || fy_document_state_tags_explicit(state))
		return yaml_fail_at(r, line, column, "a directive ('%'): none are known here");
	return ASSAY_OK;
}

static enum assay_status
alias(struct yaml_reader *r, struct tree *t, struct fy_event *e)
{
	struct fy_token *token = fy_event_get_token(e);
	const struct fy_mark *mark = token != NULL ? fy_token_start_mark(token) : NULL;
	if (r->loose == NULL || mark == NULL)
		return check_decoration(r, e);
	struct yaml_node *n = NULL;
	unsigned line = (unsigned)mark->line + 1, column = (unsigned)mark->column + 1;
	struct assay_span name = token_text(token);
	TRY(yaml_loose_alias(r, name, line, column, t->depth + 1, &n));
	if (n == NULL)
		return arena_full(r->err);
	for (size_t i = 0; i < t->depth; i++) {
		if (t->levels[i].node->line == n->line && t->levels[i].node->column == n->column
		    && t->levels[i].node->kind == n->kind)
			return yaml_fail_at(r, line, column, "an alias inside of what it stands for");
	}
	return attach(r, t, n);
}

static enum assay_status
take(struct yaml_reader *r, struct tree *t, struct fy_event *e)
{
	if (e == NULL)
		return assay_fail(r->err, ASSAY_E_INTERNAL, "no event to take");
	switch (e->type) {
	case FYET_DOCUMENT_START:
		return start_document(r, e, t);
	case FYET_MAPPING_START:
		return begin(r, t, e, YAML_MAPPING);
	case FYET_SEQUENCE_START:
		return begin(r, t, e, YAML_SEQUENCE);
	case FYET_MAPPING_END:
	case FYET_SEQUENCE_END:
		return end(r, t);
	case FYET_SCALAR:
		return scalar(r, t, e);
	case FYET_ALIAS:
		return alias(r, t, e);
	case FYET_STREAM_END:
		t->complete = true;
		return ASSAY_OK;
	default:
		return ASSAY_OK;
	}
}

static enum assay_status
read_tree(struct yaml_reader *r, struct tree *t)
{
	while (!t->complete) {
		CLEANUP(event_done) struct event event = { 0 };
		TRY(next_event(r, &event));
		TRY(take(r, t, event.e));
	}
	return ASSAY_OK;
}

static enum assay_status
parse(struct yaml_reader *r, struct yaml_node **ret_root)
{
	struct tree t = { .depth = 0 };
	if (r->bytes.len > YAML_SIZE_MAX)
		return assay_fail(r->err, ASSAY_E_LIMIT, "'%s' has %zu bytes, at most %u are read", r->name,
		    r->bytes.len, YAML_SIZE_MAX);
	if (r->bytes.len == 0)
		return yaml_fail_at(r, 1, 1, "an empty file");
	TRY(check_bytes(r, r->bytes));
	TRY(reader_open(r, r->bytes));
	TRY(read_tree(r, &t));
	/* A value that isn't written has no place: that is how "---" alone reads. */
	if (t.root == NULL || t.root->line == 0)
		return yaml_fail_at(r, 1, 1, "an empty document");
	*ret_root = t.root;
	return ASSAY_OK;
}

enum assay_status
yaml_parse(struct assay_span bytes, const char *name, struct arena *arena,
    struct yaml_node **ret_root, struct assay_error *err)
{
	CLEANUP(reader_done) struct yaml_reader r = {
		.name = name, .arena = arena, .err = err, .bytes = bytes
	};
	return parse(&r, ret_root);
}

enum assay_status
yaml_parse_loose(struct assay_span bytes, const char *name, struct arena *arena,
    struct yaml_node **ret_first, struct assay_error *err)
{
	struct yaml_loose loose = { arena_array(arena, YAML_ANCHORS_MAX, sizeof *loose.anchors), 0 };
	CLEANUP(reader_done) struct yaml_reader r = {
		.name = name, .arena = arena, .err = err, .bytes = bytes, .loose = &loose
	};
	if (loose.anchors == NULL)
		return arena_full(err);
	return parse(&r, ret_first);
}
