/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evidence.json: {"assay-evidence": 1, "items": [{"kind", "subject", "grade": {"source", "depth"}, "completeness", "why",
 * "members": [{"name", "sha256"}]}]}. The bytes stand beside it, in the pack; "why" is null when it saw everything.
 */
#include <assay/base64.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/canon.h>
#include <evidence/evidence.h>

#define DESCRIPTION_VERSION 1
#define DESCRIPTION_MAX (16u << 20)
#define NAME_MAX_LEN 255

static json_t *
describe_members(const struct evidence *e)
{
	json_t *list = json_array();
	for (size_t i = 0; i < e->member_count; i++) {
		char hex[2 * ASSAY_SHA256_SIZE + 1];
		text_hex((struct assay_span){ e->members[i].sha256, ASSAY_SHA256_SIZE }, hex);
		json_t *m = json_pack("{s:s, s:s}", "name", e->members[i].name, "sha256", hex);
		if (json_array_append_new(list, m) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
describe_item(const struct evidence *e)
{
	json_t *why = e->why != NULL ? canon_text(assay_span_str(e->why)) : json_null();
	return json_pack("{s:s, s:o, s:{s:s, s:s}, s:s, s:o, s:o}", "kind", e->kind, "subject",
	    canon_text(assay_span_str(e->subject)), "grade", "source", grade_source_name(e->grade.source),
	    "depth", grade_depth_name(e->grade.depth), "completeness",
	    completeness_name(e->completeness), "why", why, "members", describe_members(e));
}

static enum assay_status
out_of_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory to describe the evidence");
}

static enum assay_status
seal_item(struct evidence *e, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *item = describe_item(e);
	CLEANUP(buf_done) struct buf text = BUF_INIT(DESCRIPTION_MAX);
	if (item == NULL)
		return out_of_memory(err);
	TRY(canon_write(item, &text, err));
	TRY(buf_status(&text, "the evidence's description", err));
	return assay_sha256(buf_span(&text), e->digest);
}

enum assay_status
evidence_seal(struct evidence *e, struct assay_error *err)
{
	for (size_t i = 0; i < e->member_count; i++)
		TRY(assay_sha256(e->members[i].bytes, e->members[i].sha256));
	return seal_item(e, err);
}

enum assay_status
evidence_describe(const struct evidence_set *set, struct buf *out, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *root = json_pack("{s:i, s:[]}", "assay-evidence",
	    DESCRIPTION_VERSION, "items");
	json_t *items = json_object_get(root, "items");
	for (size_t i = 0; i < set->count; i++) {
		if (json_array_append_new(items, describe_item(&set->items[i])) != 0)
			return out_of_memory(err);
	}
	if (root == NULL)
		return out_of_memory(err);
	TRY(canon_write(root, out, err));
	return buf_status(out, "the evidence's description", err);
}

/* ---- and back ---- */

struct reader {
	struct arena *arena;
	struct assay_error *err;
};

static enum assay_status
malformed(struct reader *r, const char *what)
{
	return assay_fail(r->err, ASSAY_E_FORMAT, "evidence.json: %s", what);
}

/* A string, or an object with base64 where it wasn't UTF-8; never with a NUL inside. */
static enum assay_status
read_text(struct reader *r, const json_t *value, const char *what, const char **ret_text)
{
	struct assay_span s = { (const unsigned char *)json_string_value(value),
		json_string_length(value) };
	if (json_is_object(value) && json_object_size(value) == 1) {
		const json_t *coded = json_object_get(value, "base64");
		size_t len = 0, room = ASSAY_BASE64_DECODED_MAX(json_string_length(coded));
		unsigned char *plain = arena_alloc(r->arena, room);
		if (plain == NULL)
			return arena_full(r->err);
		if (!json_is_string(coded) ||
		    assay_base64_decode(assay_span_str(json_string_value(coded)), plain, room, &len) !=
			ASSAY_OK)
			return malformed(r, what);
		s = (struct assay_span){ plain, len };
	} else if (!json_is_string(value)) {
		return malformed(r, what);
	}
	if (memchr(s.data, 0, s.len) != NULL)
		return malformed(r, what);
	const char *copy = arena_copy(r->arena, s);
	if (copy == NULL)
		return arena_full(r->err);
	*ret_text = copy;
	return ASSAY_OK;
}

/* A member's name becomes a path when a pack is unpacked. */
static bool
member_name_ok(const char *name)
{
	size_t len = strlen(name);
	size_t legal = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_./");
	return len > 0 && len <= NAME_MAX_LEN && legal == len && name[0] != '/' && name[0] != '.' &&
	    strstr(name, "..") == NULL && strstr(name, "//") == NULL && name[len - 1] != '/';
}

static enum assay_status
read_member(struct reader *r, const json_t *value, struct evidence_member *ret_member)
{
	const json_t *name = json_object_get(value, "name");
	const json_t *digest = json_object_get(value, "sha256");
	if (json_object_size(value) != 2 || !json_is_string(digest))
		return malformed(r, "a member isn't {\"name\", \"sha256\"}");
	TRY(read_text(r, name, "a member's name isn't text", &ret_member->name));
	if (!member_name_ok(ret_member->name))
		return malformed(r, "a member's name isn't a plain relative path");
	if (text_unhex(assay_span_str(json_string_value(digest)), ret_member->sha256,
		ASSAY_SHA256_SIZE) != ASSAY_OK)
		return malformed(r, "a member's sha256 isn't 64 hex digits");
	return ASSAY_OK;
}

static enum assay_status
read_members(struct reader *r, const json_t *list, struct evidence *e)
{
	size_t count = json_array_size(list);
	if (!json_is_array(list) || count > EVIDENCE_MEMBERS_MAX)
		return malformed(r, "an item's members aren't a list, or too many");
	e->members = arena_array(r->arena, count, sizeof *e->members);
	if (count > 0 && e->members == NULL)
		return arena_full(r->err);
	for (size_t i = 0; i < count; i++) {
		TRY(read_member(r, json_array_get(list, i), &e->members[i]));
		e->member_count = i + 1;
		if (i > 0 && strcmp(e->members[i - 1].name, e->members[i].name) >= 0)
			return malformed(r, "an item's members aren't sorted, or one stands twice");
	}
	return ASSAY_OK;
}

/* The place of value among names 0..count-1, or count. */
static unsigned
name_place(const json_t *value, unsigned count, const char *(*name)(unsigned))
{
	unsigned i = 0;
	while (i < count && (!json_is_string(value) || strcmp(json_string_value(value), name(i)) != 0))
		i++;
	return i;
}

static const char *
source_at(unsigned i)
{
	return grade_source_name((enum grade_source)i);
}

static const char *
depth_at(unsigned i)
{
	return grade_depth_name((enum grade_depth)i);
}

static const char *
completeness_at(unsigned i)
{
	return completeness_name((enum completeness)i);
}

static enum assay_status
read_words(struct reader *r, const json_t *value, struct evidence *e)
{
	const json_t *grade = json_object_get(value, "grade");
	const json_t *why = json_object_get(value, "why");
	unsigned source = name_place(json_object_get(grade, "source"), 3, source_at);
	unsigned depth = name_place(json_object_get(grade, "depth"), 3, depth_at);
	unsigned complete = name_place(json_object_get(value, "completeness"), 3, completeness_at);
	if (json_object_size(grade) != 2 || source == 3 || depth == 3)
		return malformed(r, "an item's grade isn't {\"source\", \"depth\"} of known names");
	if (complete == 3)
		return malformed(r, "an item's completeness isn't a known name");
	e->grade = (struct grade){ (enum grade_source)source, (enum grade_depth)depth };
	e->completeness = (enum completeness)complete;
	if (!json_is_null(why))
		TRY(read_text(r, why, "an item's why isn't text or null", &e->why));
	if ((e->why == NULL) != (e->completeness == EVIDENCE_COMPLETE))
		return malformed(r, "an item's why and completeness contradict each other");
	return ASSAY_OK;
}

static enum assay_status
read_item(struct reader *r, const json_t *value, struct evidence *e)
{
	if (json_object_size(value) != 6)
		return malformed(r, "an item lacks a key or has an unknown one");
	TRY(read_text(r, json_object_get(value, "kind"), "an item's kind isn't text", &e->kind));
	TRY(read_text(r, json_object_get(value, "subject"), "an item's subject isn't text",
	    &e->subject));
	TRY(read_words(r, value, e));
	TRY(read_members(r, json_object_get(value, "members"), e));
	return seal_item(e, r->err);
}

static enum assay_status
read_head(struct reader *r, const json_t *root, const json_t **ret_items)
{
	const json_t *version = json_object_get(root, "assay-evidence");
	const json_t *items = json_object_get(root, "items");
	if (!json_is_integer(version))
		return malformed(r, "there is no \"assay-evidence\" with a version");
	if (json_integer_value(version) != DESCRIPTION_VERSION) {
		(void)assay_fail(r->err, ASSAY_E_VERSION, "evidence.json: version %lld is not known",
		    (long long)json_integer_value(version));
		return assay_error_todo(r->err, ASSAY_E_VERSION, "use a newer version of assay");
	}
	if (json_object_size(root) != 2 || !json_is_array(items) ||
	    json_array_size(items) > EVIDENCE_ITEMS_MAX)
		return malformed(r, "it isn't {\"assay-evidence\", \"items\"}, or has too many items");
	*ret_items = items;
	return ASSAY_OK;
}

enum assay_status
evidence_read(struct assay_span json, struct arena *arena, struct evidence_set *ret_set,
    struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *root = NULL;
	struct reader r = { arena, err };
	struct evidence_set set = { 0 };
	const json_t *items = NULL;
	if (json.len > DESCRIPTION_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "evidence.json has more than 16 MiB");
	TRY(canon_read(json, "evidence.json", &root, err));
	TRY(read_head(&r, root, &items));
	size_t count = json_array_size(items);
	set.items = arena_array(arena, count, sizeof *set.items);
	if (count > 0 && set.items == NULL)
		return arena_full(err);
	for (set.count = 0; set.count < count; set.count++)
		TRY(read_item(&r, json_array_get(items, set.count), &set.items[set.count]));
	*ret_set = set;
	return ASSAY_OK;
}
