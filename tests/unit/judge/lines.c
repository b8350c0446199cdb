/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define OBJECTS 256

struct world *w;
struct states states;
struct states_root roots[64];
static struct tree_object objects[OBJECTS];
static struct buf kept[OBJECTS];
static struct evidence items[3];
struct standing *s;
uint32_t key;

int
setup(void **state)
{
	(void)state;
	w = world_new();
	key = world_stranger(w);
	states = (struct states){ .roots = roots, .objects = { .algo = OID_SHA1, .items = objects } };
	items[0] = w->items[0];
	items[1] = w->items[1];
	items[2] = (struct evidence){ .kind = STATES_KIND, .subject = "test", .grade = { GRADE_RECOMPUTED, GRADE_OBSERVED }, .facts = &states };
	w->set = (struct evidence_set){ items, 3 };
	w->h.head = "refs/heads/main";
	return 0;
}

int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < states.objects.count; i++)
		buf_done(&kept[i]);
	world_free(w);
	return 0;
}

/* ---- folders ---- */

static struct oid
object(enum git_type type, struct buf *bytes)
{
	struct oid id;
	assert_int_equal(git_hash(OID_SHA1, type, buf_span(bytes), &id, NULL), ASSAY_OK);
	if (tree_object_find(&states.objects, &id) != NULL) {
		buf_done(bytes);
		return id;
	}
	size_t at = states.objects.count++;
	assert_true(at < OBJECTS);
	for (; at > 0 && oid_compare(&objects[at - 1].id, &id) > 0; at--) {
		objects[at] = objects[at - 1];
		kept[at] = kept[at - 1];
	}
	kept[at] = *bytes;
	objects[at] = (struct tree_object){ id, type, buf_span(bytes) };
	return id;
}

static void
entry(struct buf *tree, const char *mode, const char *name, struct oid id)
{
	buf_addf(tree, "%s %s", mode, name);
	buf_add_byte(tree, 0);
	buf_add(tree, id.b, 20);
}

/* The tree of what lies below prefix; *at goes behind it. */
static struct oid
tree_of(const struct chain *c, const char *prefix, size_t *at)
{
	struct buf tree = BUF_INIT(65536);
	const size_t len = strlen(prefix);
	while (*at < c->count && strncmp(c->files[*at].path, prefix, len) == 0) {
		const char *name = c->files[*at].path + len, *slash = strchr(name, '/');
		char below[128], folder[64];
		if (slash == NULL) {
			struct buf bytes = BUF_INIT(65536);
			buf_add_span(&bytes, c->files[(*at)++].bytes);
			entry(&tree, "100644", name, object(GIT_BLOB, &bytes));
			continue;
		}
		(void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - name), name);
		(void)snprintf(below, sizeof below, "%s%s/", prefix, folder);
		const struct oid id = tree_of(c, below, at);
		entry(&tree, "40000", folder, id);
	}
	return object(GIT_TREE, &tree);
}

/* A commit whose root tree holds the folder; c NULL: no folder assay/. */
static void
lay(uint32_t commit, const struct chain *c)
{
	size_t at = 0;
	struct states_root *root = &roots[states.root_count++];
	*root = (struct states_root){ .id = { { 0x30, (unsigned char)commit } }, .whole = true, .has_folder = c != NULL };
	if (c != NULL)
		root->folder = tree_of(c, "assay/", &at);
	w->commits[commit].tree = root->id;
}

uint32_t
next(uint32_t parent, const struct chain *c)
{
	const int64_t time = T0 + 3600 * (int64_t)w->h.commit_count;
	const uint32_t at = parent == END ? world_commit(w, time, key, END) : world_commit(w, time, key, parent, END);
	lay(at, c);
	return at;
}

uint32_t
merge(uint32_t first, uint32_t second, const struct chain *c)
{
	const uint32_t at = world_commit(w, T0 + 3600 * (int64_t)w->h.commit_count, key, first, second, END);
	lay(at, c);
	return at;
}

void
find(uint32_t head)
{
	struct assay_error err = { 0 };
	assert_int_equal(oid_index_build(w->arena, w->commits, sizeof w->commits[0], w->h.commit_count, &w->h.by_commit, &err), ASSAY_OK);
	w->h.has_head = true;
	w->h.head_id = w->commits[head].id;
	if (standing_find(&w->input, w->arena, &s, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	assert_non_null(s);
}

uint64_t
version(uint32_t folder)
{
	return folder == NONE ? 0 : s->folders[folder].authority.policy.version;
}

struct chain
signed_as(int number, const char *words, const char *letters)
{
	struct chain c = chain_new();
	chain_text(&c, "assay/roster.yaml", words);
	chain_sign(&c, number, letters);
	return c;
}
