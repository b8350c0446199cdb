/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From trees to a sorted list of paths. A tree may stand in many places, and each place counts: what is wanted goes by path.
 */
#include <base/cleanup.h>
#include <base/text.h>
#include <code/lex.h>
#include <code/suppress.h>
#include <evidence/tree.h>
#include <sca/language.h>
#include <sca/plan.h>

/* Whose bytes are wanted: patterns over the whole path. Pipelines, what is depended on, owners, records, documents. */
static const char *const wanted[] = {
	"assay/**",
	/* What a pipeline of GitLab includes may have any name. */
	"**.yml",
	"**.yaml",
	".gitmodules",
	"CODEOWNERS",
	".github/CODEOWNERS",
	".gitlab/CODEOWNERS",
	"docs/CODEOWNERS",
	"**.md",
	"**.markdown",
	"**.docx",
	"**.docm",
};

static bool
matches(const char *const *patterns, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++) {
		if (text_match(assay_span_str(patterns[i]), assay_span_str(path)))
			return true;
	}
	return false;
}

enum tree_want
tree_wants(const struct sources *s, const char *path)
{
	if (matches(wanted, sizeof wanted / sizeof wanted[0], path) || ci_wants(path) || dep_wants(path))
		return TREE_WANTED;
	enum code_language language;
	const bool code = sca_language_of(path) != NULL || suppress_concerns(path);
	if (code && sources_find(s, PLAN_PATH) != NULL)
		return TREE_WANTED_CODE;
	/* Rules of the maker's own are judged with a plan and without one. */
	return code_language_of(path, &language) && sources_under(s, "assay/rules/") != NULL ? TREE_WANTED_CODE : TREE_UNWANTED;
}

const struct tree_object *
tree_object_find(const struct tree_objects *o, const struct oid *id)
{
	size_t low = 0, high = o->count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int order = oid_compare(&o->items[middle].id, id);
		if (order == 0)
			return &o->items[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

enum assay_status
tree_of_commit(struct assay_span commit, enum oid_algo algo, struct oid *ret_tree, struct assay_error *err)
{
	static const char before[] = "tree ";
	const size_t digits = 2 * oid_size(algo), head = sizeof before - 1;
	if (commit.len < head + digits + 1 || memcmp(commit.data, before, head) != 0 || commit.data[head + digits] != '\n'
	    || oid_parse((struct assay_span){ commit.data + head, digits }, algo, ret_tree) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_FORMAT, "HEAD's commit names no tree");
	return ASSAY_OK;
}

/* ---- the walk ---- */

struct folder {
	struct assay_span tree;
	size_t cursor;
	size_t path_len; /* of the path so far that is this folder's, its '/' included */
};

struct expansion {
	const struct tree_objects *o;
	struct arena *arena;
	struct tree *t;
	void (*gone)(void *ctx, const struct oid *id);
	void *ctx;
	struct source_file *files;
	size_t count, room;
	size_t entries;
	struct folder stack[TREE_FOLDERS_MAX];
	size_t depth;
	char path[TREE_PATH_MAX + 2];
	struct oid empty; /* git has this tree even when no store does */
};

static void
expansion_done(struct expansion *x)
{
	free(x->files);
}

static enum assay_status
add_file(struct expansion *x, const struct git_tree_entry *e, struct assay_error *err)
{
	if (x->count > 0 && strcmp(x->files[x->count - 1].path, x->path) >= 0)
		return assay_fail(err, ASSAY_E_FORMAT, "HEAD's tree is malformed: its entries aren't sorted, or a name stands twice");
	if (x->count == x->room) {
		x->room = x->room == 0 ? 256 : 2 * x->room;
		struct source_file *more = reallocarray(x->files, x->room, sizeof *more);
		if (more == NULL)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for the list of files");
		x->files = more;
	}
	const char *path = arena_str(x->arena, x->path);
	if (path == NULL)
		return arena_full(err);
	x->files[x->count++] = (struct source_file){ .path = path, .mode = e->mode, .id = e->id };
	return ASSAY_OK;
}

/* The path of an entry of the folder on top, with room for a '/' behind it. */
static enum assay_status
set_path(struct expansion *x, const struct git_tree_entry *e, size_t *ret_len, struct assay_error *err)
{
	const size_t before = x->stack[x->depth - 1].path_len, len = before + e->name.len;
	if (len > TREE_PATH_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "HEAD's tree holds a path of more than %u bytes", TREE_PATH_MAX);
	memcpy(x->path + before, e->name.data, e->name.len);
	x->path[len] = '\0';
	*ret_len = len;
	return ASSAY_OK;
}

static enum assay_status
push(struct expansion *x, const struct oid *id, size_t path_len, struct assay_error *err)
{
	const struct tree_object *tree = tree_object_find(x->o, id);
	if (tree == NULL || tree->type != GIT_TREE) {
		if (oid_compare(id, &x->empty) == 0)
			return ASSAY_OK;
		x->t->folders_gone++;
		x->gone(x->ctx, id);
		return ASSAY_OK;
	}
	if (x->depth == TREE_FOLDERS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "HEAD's tree is more than %u folders deep", TREE_FOLDERS_MAX);
	x->stack[x->depth++] = (struct folder){ .tree = tree->bytes, .path_len = path_len };
	return ASSAY_OK;
}

/* One entry of the folder on top. */
static enum assay_status
step(struct expansion *x, struct assay_error *err)
{
	struct folder *top = &x->stack[x->depth - 1];
	struct git_tree_entry e;
	size_t len = 0;
	const enum assay_status status = git_tree_next(top->tree, x->o->algo, &top->cursor, &e, err);
	if (status == ASSAY_E_NOT_FOUND) {
		x->depth--;
		return ASSAY_OK;
	}
	TRY(status);
	if (++x->entries > TREE_ENTRIES_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "HEAD's tree has more than %u entries", TREE_ENTRIES_MAX);
	TRY(set_path(x, &e, &len, err));
	if (e.mode != 0040000)
		return add_file(x, &e, err);
	x->path[len] = '/';
	return push(x, &e.id, len + 1, err);
}

enum assay_status
tree_expand(const struct tree_objects *o, const struct oid *root, struct arena *arena, struct tree *t,
    void (*gone)(void *ctx, const struct oid *id), void *ctx, struct assay_error *err)
{
	CLEANUP(expansion_done) struct expansion x
	    = { .o = o, .arena = arena, .t = t, .gone = gone, .ctx = ctx };
	TRY(git_hash(o->algo, GIT_TREE, (struct assay_span){ 0 }, &x.empty, err));
	TRY(push(&x, root, 0, err));
	while (x.depth > 0)
		TRY(step(&x, err));
	if (err != NULL)
		assay_error_clear(err);
	struct source_file *files = arena_array(arena, x.count + 1, sizeof *files);
	if (files == NULL)
		return arena_full(err);
	if (x.count > 0)
		memcpy(files, x.files, x.count * sizeof *files);
	t->sources = (struct sources){ .algo = o->algo, .files = files, .count = x.count };
	return ASSAY_OK;
}
