/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clang-tidy tells when and how long it ran, and places as offsets. What is kept of a profile is the file and the names of the checks
 * that ran on it; for offsets, the lines are told, for whoever reads the report later has no more than it.
 */
#include "run.h"

#include <base/cleanup.h>
#include <codec/canon.h>
#include <codec/jsontree.h>

#define ARENA_MAX ((size_t)256 << 20)
#define KEPT_MAX (16u << 20)
#define FRONT "time.clang-tidy."
#define BACK ".wall"

static char *
take(struct buf *b, size_t *ret_len)
{
	char *text = b->status == ASSAY_OK ? malloc(b->len + 1) : NULL;
	if (text != NULL && b->len > 0)
		memcpy(text, b->data, b->len);
	*ret_len = b->len;
	return text;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "time.clang-tidy.NAME.wall" */
static size_t
names_of(const struct jsontree *times, struct arena *arena, const char **names)
{
	size_t count = 0;
	for (const struct jsontree *t = times->first; t != NULL; t = t->next) {
		size_t n = strlen(t->key), least = sizeof FRONT - 1 + sizeof BACK - 1;
		if (n <= least || strncmp(t->key, FRONT, sizeof FRONT - 1) != 0 || strcmp(t->key + n - (sizeof BACK - 1), BACK) != 0)
			continue;
		names[count] = arena_copy(arena, (struct assay_span) { (const unsigned char *)t->key + sizeof FRONT - 1, n - least });
		count += names[count] != NULL;
	}
	qsort(names, count, sizeof *names, by_text);
	return count;
}

char *
run_profile(struct assay_span json, size_t *ret_len)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(canon_unref) json_t *kept = NULL;
	CLEANUP(buf_done) struct buf text = BUF_INIT(KEPT_MAX);
	struct jsontree *root = NULL;
	if (arena_new(ARENA_MAX, &arena) != ASSAY_OK || jsontree_parse(json, "profile", arena, &root, NULL) != ASSAY_OK)
		return NULL;
	const struct jsontree *times = jsontree_get(root, "profile");
	const char *file = jsontree_str(root, "file");
	const char **names = times == NULL ? NULL : arena_array(arena, times->count + 1, sizeof *names);
	if (names == NULL || file == NULL)
		return NULL;
	json_t *checks = json_array();
	size_t count = names_of(times, arena, names);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(checks, json_string(names[i]));
	kept = json_pack("{s:o, s:s}", "checks", checks, "file", file);
	if (kept == NULL || canon_write(kept, &text, NULL) != ASSAY_OK)
		return NULL;
	return take(&text, ret_len);
}

static bool
find(void *context, const char *path, struct assay_span *ret_bytes)
{
	const struct server_source *s = server_source(context, path);
	if (s == NULL)
		return false;
	*ret_bytes = s->bytes;
	return true;
}

static bool
find_snippet(void *context, const char *path, struct assay_span *ret_bytes)
{
	const struct engine_server *server = context;
	const struct sca_snippet *s = server->snippets == NULL ? NULL : sca_snippet_find(server->snippets, path);
	if (s == NULL)
		return false;
	*ret_bytes = s->bytes;
	return true;
}

char *
run_places(struct engine_server *s, bool demo, struct assay_span yaml, size_t *ret_len)
{
	char root[SERVER_ROOT_MAX];
	const char *const roots[] = { root, NULL };
	const struct sca_input in = { "clang-tidy", yaml, roots, "" };
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(canon_unref) json_t *places = json_array();
	CLEANUP(buf_done) struct buf text = BUF_INIT(KEPT_MAX);
	struct sca_reading r;
	server_root(s, demo, root);
	if (places == NULL || arena_new(ARENA_MAX, &arena) != ASSAY_OK || sca_read_tidy(&in, arena, &r, NULL) != ASSAY_OK)
		return NULL;
	sca_reading_locate(&r, demo ? find_snippet : find, s);
	for (size_t i = 0; i < r.count; i++) {
		const struct sca_report *x = &r.reports[i];
		if (x->line > 0)
			json_array_append_new(places, json_pack("{s:I, s:I, s:I, s:s}", "column", (json_int_t)x->column, "line",
			    (json_int_t)x->line, "offset", (json_int_t)x->offset, "path", x->path));
	}
	if (canon_write(places, &text, NULL) != ASSAY_OK)
		return NULL;
	return take(&text, ret_len);
}
