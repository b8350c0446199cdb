/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small members: format, head, refs, and lists of ids.
 */
#include "head.h"
#include "history_work.h"

#include <base/cleanup.h>

/* The next line without its LF; false at the end. *ret_whole: an LF ended it. */
static bool
next_line(struct assay_span text, size_t *cursor, struct assay_span *ret_line, bool *ret_whole)
{
	if (*cursor >= text.len)
		return false;
	const unsigned char *from = text.data + *cursor;
	const unsigned char *lf = memchr(from, '\n', text.len - *cursor);
	*ret_whole = lf != NULL;
	ret_line->data = from;
	ret_line->len = lf != NULL ? (size_t)(lf - from) : text.len - *cursor;
	*cursor += ret_line->len + 1;
	return true;
}

static uint64_t
count_lines(struct assay_span text)
{
	uint64_t lines = 0;
	size_t cursor = 0;
	struct assay_span line;
	bool whole = false;
	while (next_line(text, &cursor, &line, &whole))
		lines++;
	return lines;
}

static int
compare_ids(const void *a, const void *b)
{
	return oid_compare(a, b);
}

enum assay_status
history_read_ids(const struct evidence *raw, const char *member, const struct parse_context *c,
    enum oid_algo algo, struct oid **ret_ids, uint32_t *ret_count, struct assay_error *err)
{
	struct assay_span text, line;
	size_t cursor = 0;
	uint32_t n = 0;
	bool whole = false;
	TRY(member_text(raw, member, &text, err));
	uint64_t lines = count_lines(text);
	if (lines > HISTORY_OBJECTS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "%s names more than %d objects", member,
		    HISTORY_OBJECTS_MAX);
	struct oid *ids = arena_array(c->arena, (size_t)lines, sizeof *ids);
	if (lines > 0 && ids == NULL)
		return arena_full(err);
	while (next_line(text, &cursor, &line, &whole)) {
		if (!whole || oid_parse(line, algo, &ids[n]) != ASSAY_OK) {
			(void)assay_fail(err, ASSAY_E_FORMAT, "a line of %s isn't an object id", member);
			return assay_error_at(err, ASSAY_E_FORMAT, member, n + 1, 1);
		}
		n++;
	}
	if (n > 1)
		qsort(ids, n, sizeof *ids, compare_ids);
	*ret_ids = ids;
	*ret_count = n;
	return ASSAY_OK;
}

enum assay_status
history_read_head(const struct evidence *raw, const struct parse_context *c, struct history *h,
    struct assay_error *err)
{
	struct head head;
	TRY(head_read(raw, "git/format", "git/head", c->arena, &head, err));
	h->algo = head.algo;
	h->has_head = head.has_id;
	h->head_id = head.id;
	h->head = head.ref;
	return ASSAY_OK;
}

/* "OID SP NAME" */
static enum assay_status
read_ref(struct history *h, struct assay_span line, char *name_room, struct history_ref *ret_ref)
{
	size_t digits = 2 * oid_size(h->algo);
	if (line.len < digits + 1 || line.data[digits] != ' ')
		return ASSAY_E_FORMAT;
	TRY(oid_parse((struct assay_span){ line.data, digits }, h->algo, &ret_ref->id));
	struct assay_span name = { line.data + digits + 1, line.len - digits - 1 };
	if (!ref_name_ok(name))
		return ASSAY_E_FORMAT;
	memcpy(name_room, name.data, name.len);
	name_room[name.len] = '\0';
	ret_ref->name = name_room;
	ret_ref->commit = history_find_commit(h, &ret_ref->id);
	ret_ref->tag = history_find_tag(h, &ret_ref->id);
	return ASSAY_OK;
}

enum assay_status
history_read_refs(const struct evidence *raw, const struct parse_context *c, struct history *h,
    struct assay_error *err)
{
	struct assay_span text, line;
	size_t cursor = 0;
	bool whole = false;
	TRY(member_text(raw, "git/refs", &text, err));
	uint64_t lines = count_lines(text);
	if (lines > HISTORY_REFS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "git/refs has more than %d refs",
		    HISTORY_REFS_MAX);
	h->refs = arena_array(c->arena, (size_t)lines, sizeof *h->refs);
	/* All names in one block: each line is longer than its name and NUL. */
	char *names = arena_alloc(c->arena, text.len + 1);
	if ((lines > 0 && h->refs == NULL) || names == NULL)
		return arena_full(err);
	while (next_line(text, &cursor, &line, &whole)) {
		struct history_ref *ref = &h->refs[h->ref_count];
		bool fine = whole && read_ref(h, line, names, ref) == ASSAY_OK;
		if (fine && h->ref_count > 0)
			fine = strcmp(ref[-1].name, ref->name) < 0;
		if (!fine) {
			(void)assay_fail(err, ASSAY_E_FORMAT,
			    "a line of git/refs isn't an id and a ref's name, sorted by name");
			return assay_error_at(err, ASSAY_E_FORMAT, "git/refs", h->ref_count + 1, 1);
		}
		if (h->has_head && h->head != NULL && strcmp(h->head, ref->name) == 0 &&
		    oid_compare(&h->head_id, &ref->id) != 0)
			return assay_fail(err, ASSAY_E_FORMAT,
			    "git/head and git/refs give '%s' two ids", h->head);
		names += strlen(names) + 1;
		h->ref_count++;
	}
	return ASSAY_OK;
}
