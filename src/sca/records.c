/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/unconst.h>
#include <sca/records.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define IDENTITY_LEN (SCA_IDENTITY_SIZE - 1)
#define COMMIT_SHORT 40
#define COMMIT_LONG 64

static bool
is_hex(const char *text, size_t len)
{
	return strlen(text) == len && strspn(text, "0123456789abcdef") == len;
}

static enum assay_status
decode_identity(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char *text;
	TRY(yaml_str(c, node, &text, err));
	if (!is_hex(text, IDENTITY_LEN))
		return yaml_fail(c, node, err, "%s is no finding's identity: 64 hex digits in lower case", node->key);
	memcpy(where, text, SCA_IDENTITY_SIZE);
	return ASSAY_OK;
}

static enum assay_status
decode_commit(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **commit = where;
	TRY(yaml_str(c, node, commit, err));
	if (!is_hex(*commit, COMMIT_SHORT) && !is_hex(*commit, COMMIT_LONG))
		return yaml_fail(c, node, err, "%s is no full commit id, in lower case", node->key);
	return ASSAY_OK;
}

/* A path of the repository, as git has it. */
static enum assay_status
decode_path(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **path = where;
	TRY(yaml_str(c, node, path, err));
	if ((*path)[0] == '/' || strncmp(*path, "../", 3) == 0 || strstr(*path, "/../") != NULL)
		return yaml_fail(c, node, err, "%s must be a path within the repository", node->key);
	return ASSAY_OK;
}

/* ---- the register ---- */

/* Outside of any symbol it is empty, which other fields may not be. */
static enum assay_status
decode_symbol(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **symbol = where;
	if (node->kind != YAML_SCALAR)
		return yaml_fail(c, node, err, "%s must be text", node->key);
	*symbol = node->text;
	return ASSAY_OK;
}

static const struct yaml_field entry_fields[] = {
	{ "id", true, offsetof(struct sca_entry, identity), decode_identity },
	{ "rule", true, offsetof(struct sca_entry, rule), yaml_str },
	{ "path", true, offsetof(struct sca_entry, path), decode_path },
	{ "symbol", false, offsetof(struct sca_entry, symbol), decode_symbol },
	{ "checks", false, offsetof(struct sca_entry, checks), yaml_str_list },
	{ "severity", false, offsetof(struct sca_entry, severity), standard_decode_severity },
	{ "first-seen", false, offsetof(struct sca_entry, first_seen), decode_commit },
	{ "problem", false, offsetof(struct sca_entry, problem), yaml_str },
	{ "reach", false, offsetof(struct sca_entry, reach), yaml_str },
	{ "safety-effect", false, offsetof(struct sca_entry, safety), yaml_str },
	{ "exploitability", false, offsetof(struct sca_entry, exploitability), yaml_str },
};

struct reading {
	struct sca_entry *entries;
	size_t count;
};

static enum assay_status
decode_entries(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct reading *r = where;
	if (node->kind != YAML_SEQUENCE)
		return yaml_fail(c, node, err, "%s must be a list", node->key);
	if (node->count > REGISTER_ENTRIES_MAX)
		return yaml_fail(c, node, err, "more than %d findings", REGISTER_ENTRIES_MAX);
	r->entries = arena_array(c->arena, node->count + 1, sizeof *r->entries);
	if (r->entries == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		struct sca_entry *e = &r->entries[r->count++];
		*e = (struct sca_entry){ .symbol = "", .line = n->line };
		TRY(yaml_decode(c, n, entry_fields, sizeof entry_fields / sizeof entry_fields[0], e, err));
	}
	return ASSAY_OK;
}

static const struct yaml_field register_fields[] = {
	{ "assay-findings", true, 0, yaml_ignore },
	{ "findings", true, 0, decode_entries },
};

static int
by_identity(const void *a, const void *b)
{
	const struct sca_entry *x = a, *y = b;
	return strcmp(x->identity, y->identity);
}

enum assay_status
sca_register_sort(struct sca_register *r, struct assay_error *err)
{
	struct sca_entry *entries = unconst(r->entries);
	if (r->count > 0)
		qsort(entries, r->count, sizeof *entries, by_identity);
	for (size_t i = 1; i < r->count; i++) {
		if (strcmp(entries[i - 1].identity, entries[i].identity) != 0)
			continue;
		(void)assay_fail(err, ASSAY_E_FORMAT, "the finding '%.12s...' stands twice", entries[i].identity);
		return assay_error_at(err, ASSAY_E_FORMAT, NULL, entries[i].line, 1);
	}
	return ASSAY_OK;
}

enum assay_status
sca_register_parse(struct assay_span yaml, const char *name, struct arena *arena, struct sca_register *ret_register,
    struct assay_error *err)
{
	const struct yaml_context c = { name, arena };
	struct yaml_node *root;
	struct reading r = { 0 };
	TRY(yaml_open(yaml, &c, "assay-findings", REGISTER_VERSION, &root, err));
	TRY(yaml_decode(&c, root, register_fields, sizeof register_fields / sizeof register_fields[0], &r, err));
	struct sca_register all = { r.entries, r.count };
	const enum assay_status status = sca_register_sort(&all, err);
	if (status != ASSAY_OK)
		return assay_error_at(err, status, name, err != NULL ? err->line : 0, 1);
	*ret_register = all;
	return ASSAY_OK;
}

enum assay_status
sca_register_join(const struct sca_register *a, const struct sca_register *b, struct arena *arena,
    struct sca_register *ret_register, struct assay_error *err)
{
	struct sca_entry *entries = arena_array(arena, a->count + b->count + 1, sizeof *entries);
	size_t count = 0, i = 0, k = 0;
	if (entries == NULL)
		return arena_full(err);
	while (i < a->count || k < b->count) {
		const int order = i == a->count ? 1 : k == b->count ? -1 : strcmp(a->entries[i].identity, b->entries[k].identity);
		entries[count++] = order <= 0 ? a->entries[i] : b->entries[k];
		i += order <= 0;
		k += order >= 0;
	}
	*ret_register = (struct sca_register){ entries, count };
	return ASSAY_OK;
}

const struct sca_entry *
sca_register_find(const struct sca_register *r, const char *identity)
{
	size_t low = 0, high = r->count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int order = strcmp(r->entries[middle].identity, identity);
		if (order == 0)
			return &r->entries[middle];
		low = order < 0 ? middle + 1 : low;
		high = order < 0 ? high : middle;
	}
	return NULL;
}

/* ---- closures ---- */

static enum assay_status
decode_closing(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	static const char *const words[] = { [SCA_CLOSE_FIXED] = "fixed", [SCA_CLOSE_FALSE_POSITIVE] = "false-positive" };
	enum sca_closing *state = where;
	size_t index;
	TRY(yaml_word(c, node, words, sizeof words / sizeof words[0], &index, err));
	*state = (enum sca_closing)index;
	return ASSAY_OK;
}

static enum assay_status
decode_finding(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct sca_closure *x = where;
	x->line = node->line;
	return decode_identity(c, node, x->finding, err);
}

static const struct yaml_field closure_fields[] = {
	{ "assay-closure", true, 0, yaml_ignore },
	{ "finding", true, 0, decode_finding },
	{ "state", true, offsetof(struct sca_closure, state), decode_closing },
	{ "fix-commit", false, offsetof(struct sca_closure, fix_commit), decode_commit },
	{ "verifier", false, offsetof(struct sca_closure, verifier), yaml_str },
	{ "test", false, offsetof(struct sca_closure, test), decode_path },
	{ "reason", true, offsetof(struct sca_closure, reason), yaml_str },
};

bool
sca_closure_is_record(const char *path)
{
	return text_match(assay_span_str(CLOSURE_FOLDER "*.yaml"), assay_span_str(path));
}

enum assay_status
sca_closure_parse(struct assay_span yaml, const char *name, struct arena *arena, struct sca_closure *ret_closure,
    struct assay_error *err)
{
	const struct yaml_context c = { name, arena };
	struct yaml_node *root;
	struct sca_closure x = { 0 };
	TRY(yaml_open(yaml, &c, "assay-closure", CLOSURE_VERSION, &root, err));
	TRY(yaml_decode(&c, root, closure_fields, sizeof closure_fields / sizeof closure_fields[0], &x, err));
	const struct {
		const char *key, *value;
	} proof[] = { { "fix-commit", x.fix_commit }, { "verifier", x.verifier }, { "test", x.test } };
	for (size_t i = 0; i < sizeof proof / sizeof proof[0]; i++) {
		if (x.state == SCA_CLOSE_FIXED && proof[i].value == NULL) {
			(void)yaml_fail(&c, root, err, "what is fixed has a proof: '%s' is missing", proof[i].key);
			return assay_error_todo(err, ASSAY_E_FORMAT, "name the commit that mends it, who verified that, and the test");
		}
		if (x.state == SCA_CLOSE_FALSE_POSITIVE && proof[i].value != NULL)
			return yaml_fail(&c, root, err, "'%s' is of what was fixed; a false positive has its reason", proof[i].key);
	}
	*ret_closure = x;
	return ASSAY_OK;
}

enum assay_status
sca_closure_write(const struct sca_closure *c, struct buf *out, struct assay_error *err)
{
	buf_addf(out, "assay-closure: %d\nfinding: %s\nstate: %s\n", CLOSURE_VERSION, c->finding,
	    c->state == SCA_CLOSE_FIXED ? "fixed" : "false-positive");
	words_add(out, "fix-commit", c->fix_commit);
	words_add(out, "verifier", c->verifier);
	words_add(out, "test", c->test);
	words_add(out, "reason", c->reason);
	return buf_status(out, "a closure", err);
}
