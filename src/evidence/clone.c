/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <codec/canon.h>
#include <evidence/clone.h>
#include <stddef.h>

#define CLONE_MEMBER "git/clone.json"
#define CLONE_VERSION 1
/* More than any repository holds, and far from where sums overflow. */
#define CLONE_COUNT_MAX ((json_int_t)1 << 40)

/* One list of the record: its name, where it lands, and the keys of its entries. */
struct list_row {
	const char *name;
	size_t offset;
	const char *subject; /* NULL: the entries are strings */
	const char *detail;
	const char *extra;   /* a further string key, that isn't kept */
	bool in_file;        /* entries have "file" and "line" */
};

#define LIST(field) offsetof(struct clone_facts, field)

static const struct list_row lists[] = {
	{ "altered", LIST(altered), "id", "found", "type", false },
	{ "collisions", LIST(collisions), NULL, NULL, NULL, false },
	{ "missing", LIST(missing), "id", "needed-by", NULL, false },
	{ "over-cap", LIST(over_cap), NULL, NULL, NULL, false },
	{ "replace", LIST(replace), "ref", "id", NULL, false },
	{ "grafts", LIST(grafts), NULL, NULL, NULL, false },
	{ "shallow", LIST(shallow), NULL, NULL, NULL, false },
	{ "alternates", LIST(alternates), NULL, NULL, NULL, false },
	{ "promisors", LIST(promisors), NULL, NULL, NULL, false },
	{ "config", LIST(config), "key", "note", NULL, true },
	{ "copies", LIST(copies), "file", "note", NULL, false },
	{ "indexes", LIST(indexes), "file", "note", NULL, false },
	{ "hooks", LIST(hooks), NULL, NULL, NULL, false },
	{ "state-tracked", LIST(state_tracked), NULL, NULL, NULL, false },
	{ "unread", LIST(unread), "what", "why", NULL, false },
};

#define LIST_COUNT (sizeof lists / sizeof lists[0])

struct reader {
	struct arena *arena;
	struct assay_error *err;
};

static enum assay_status
malformed(struct reader *r, const char *key, const char *what)
{
	return assay_fail(r->err, ASSAY_E_FORMAT, CLONE_MEMBER ": '%s' %s", key, what);
}

static enum assay_status
read_text(struct reader *r, const char *key, const json_t *value, const char **ret_text)
{
	const enum assay_status status = fields_text(value, r->arena, ret_text);
	if (status == ASSAY_E_MEMORY)
		return arena_full(r->err);
	return status == ASSAY_OK ? ASSAY_OK : malformed(r, key, "holds something that is neither text nor base64");
}

static enum assay_status
read_count(struct reader *r, const char *key, const json_t *value, uint64_t *ret_count)
{
	json_int_t n = json_integer_value(value);
	if (!json_is_integer(value) || n < 0 || n > CLONE_COUNT_MAX)
		return malformed(r, key, "is not a count");
	*ret_count = (uint64_t)n;
	return ASSAY_OK;
}

static enum assay_status
read_bool(struct reader *r, const json_t *root, const char *key, bool *ret_value)
{
	const json_t *value = json_object_get(root, key);
	if (!json_is_boolean(value))
		return malformed(r, key, "is not true or false");
	*ret_value = json_is_true(value);
	return ASSAY_OK;
}

static enum assay_status
read_item(struct reader *r, const struct list_row *row, const json_t *value, struct clone_item *item)
{
	size_t keys = 2u + (row->extra != NULL ? 1u : 0u) + (row->in_file ? 2u : 0u);
	uint64_t line = 0;
	if (row->subject == NULL)
		return read_text(r, row->name, value, &item->subject);
	if (json_object_size(value) != keys)
		return malformed(r, row->name, "has an entry that lacks a key or has an unknown one");
	TRY(read_text(r, row->name, json_object_get(value, row->subject), &item->subject));
	TRY(read_text(r, row->name, json_object_get(value, row->detail), &item->detail));
	if (row->extra != NULL && !json_is_string(json_object_get(value, row->extra)))
		return malformed(r, row->name, "has an entry that lacks a key");
	if (!row->in_file)
		return ASSAY_OK;
	TRY(read_text(r, row->name, json_object_get(value, "file"), &item->file));
	TRY(read_count(r, row->name, json_object_get(value, "line"), &line));
	if (line > UINT32_MAX)
		return malformed(r, row->name, "has an entry with an impossible line");
	item->line = (unsigned)line;
	return ASSAY_OK;
}

static enum assay_status
read_list(struct reader *r, const json_t *root, const struct list_row *row, struct clone_list *list)
{
	const json_t *value = json_object_get(root, row->name);
	const json_t *more = json_object_get(json_object_get(root, "more"), row->name);
	size_t count = json_array_size(value);
	uint64_t beyond = 0;
	if (!json_is_array(value) || count > CLONE_LIST_MAX)
		return malformed(r, row->name, "is not a list, or has too many entries");
	struct clone_item *items = arena_array(r->arena, count, sizeof *items);
	if (count > 0 && items == NULL)
		return arena_full(r->err);
	for (size_t i = 0; i < count; i++)
		TRY(read_item(r, row, json_array_get(value, i), &items[i]));
	if (more != NULL)
		TRY(read_count(r, row->name, more, &beyond));
	*list = (struct clone_list){ items, count, count + (size_t)beyond };
	return ASSAY_OK;
}

static enum assay_status
read_objects(struct reader *r, const json_t *root, struct clone_facts *f)
{
	const json_t *objects = json_object_get(root, "objects");
	if (json_object_size(objects) != 4)
		return malformed(r, "objects", "isn't the counts of the four types");
	TRY(read_count(r, "objects", json_object_get(objects, "commit"), &f->commits));
	TRY(read_count(r, "objects", json_object_get(objects, "tree"), &f->trees));
	TRY(read_count(r, "objects", json_object_get(objects, "blob"), &f->blobs));
	return read_count(r, "objects", json_object_get(objects, "tag"), &f->tags);
}

static enum assay_status
read_version(struct reader *r, const json_t *root)
{
	const json_t *version = json_object_get(root, "assay-clone");
	const char *algo = json_string_value(json_object_get(root, "algo"));
	if (!json_is_integer(version))
		return malformed(r, "assay-clone", "is not a version");
	if (json_integer_value(version) != CLONE_VERSION) {
		(void)assay_fail(r->err, ASSAY_E_VERSION, CLONE_MEMBER ": version %lld is not known",
		    (long long)json_integer_value(version));
		return assay_error_todo(r->err, ASSAY_E_VERSION, "use a newer version of assay");
	}
	if (algo == NULL || (strcmp(algo, "sha1") != 0 && strcmp(algo, "sha256") != 0))
		return malformed(r, "algo", "is neither sha1 nor sha256");
	return ASSAY_OK;
}

/* A key that this version doesn't know could be one that it should have judged. */
static enum assay_status
refuse_unknown(struct reader *r, json_t *root)
{
	static const char *const others[] = { "assay-clone", "algo", "bare", "objects", "partial",
		"worktrees", "leftovers", "commit-graph", "more" };
	const char *key = NULL;
	json_t *value = NULL;
	json_object_foreach(root, key, value) {
		bool known = false;
		for (size_t i = 0; i < sizeof others / sizeof others[0] && !known; i++)
			known = strcmp(key, others[i]) == 0;
		for (size_t i = 0; i < LIST_COUNT && !known; i++)
			known = strcmp(key, lists[i].name) == 0;
		if (!known)
			return malformed(r, "record", "has a key that this version does not know");
	}
	return ASSAY_OK;
}

static enum assay_status
read_more(struct reader *r, const json_t *root)
{
	json_t *more = json_object_get(root, "more");
	const char *key = NULL;
	json_t *value = NULL;
	if (more != NULL && !json_is_object(more))
		return malformed(r, "more", "is not an object");
	json_object_foreach(more, key, value) {
		if (!json_is_array(json_object_get(root, key)))
			return malformed(r, "more", "names something that is not a list");
	}
	return ASSAY_OK;
}

static enum assay_status
read_record(struct reader *r, json_t *root, struct clone_facts *f)
{
	TRY(read_version(r, root));
	TRY(refuse_unknown(r, root));
	TRY(read_bool(r, root, "bare", &f->bare));
	TRY(read_bool(r, root, "partial", &f->partial));
	TRY(read_bool(r, root, "commit-graph", &f->has_commit_graph));
	TRY(read_count(r, "worktrees", json_object_get(root, "worktrees"), &f->worktrees));
	TRY(read_count(r, "leftovers", json_object_get(root, "leftovers"), &f->leftovers));
	TRY(read_objects(r, root, f));
	TRY(read_more(r, root));
	for (size_t i = 0; i < LIST_COUNT; i++) {
		struct clone_list *list = (void *)((char *)f + lists[i].offset);
		TRY(read_list(r, root, &lists[i], list));
	}
	return ASSAY_OK;
}

enum assay_status
clone_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts,
    struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *root = NULL;
	struct reader r = { c->arena, err };
	struct assay_span bytes = evidence_member(raw, CLONE_MEMBER);
	if (bytes.data == NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "evidence '" CLONE_KIND "' lacks " CLONE_MEMBER);
	TRY(canon_read(bytes, CLONE_MEMBER, &root, err));
	struct clone_facts *facts = arena_alloc(c->arena, sizeof *facts);
	if (facts == NULL)
		return arena_full(err);
	TRY(read_record(&r, root, facts));
	*ret_facts = facts;
	return ASSAY_OK;
}
