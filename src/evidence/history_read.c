/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small members: format, head, refs, and lists of ids.
 */
#include "history_work.h"

#include <base/cleanup.h>

static enum assay_status
member_of(const struct evidence *raw, const char *name, struct assay_span *ret_bytes,
    struct assay_error *err)
{
	*ret_bytes = evidence_member(raw, name);
	if (ret_bytes->data == NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "evidence '" HISTORY_KIND "' lacks %s", name);
	return ASSAY_OK;
}

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
	TRY(member_of(raw, member, &text, err));
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

/* Below refs/ and without control characters or spaces, as git itself demands. */
static bool
is_ref_name(struct assay_span name)
{
	static const char below[] = "refs/";
	for (size_t i = 0; i < name.len; i++) {
		if (name.data[i] <= ' ' || name.data[i] == 0x7f)
			return false;
	}
	return name.len >= sizeof below && memcmp(name.data, below, sizeof below - 1) == 0;
}

/* "NAME SP ID", where a branch without a commit has no id; detached, an id alone says where. */
static bool
read_head(struct assay_span line, struct history *h, struct assay_span *ret_name, bool *ret_detached)
{
	const unsigned char *blank = memchr(line.data, ' ', line.len);
	struct assay_span name = { line.data, blank == NULL ? line.len : (size_t)(blank - line.data) };
	*ret_name = name;
	*ret_detached = assay_span_equal(name, assay_span_str("detached"));
	h->has_head = blank != NULL;
	if (!*ret_detached && !is_ref_name(name))
		return false;
	if (blank == NULL)
		return !*ret_detached;
	struct assay_span id = { blank + 1, line.len - name.len - 1 };
	return oid_parse(id, h->algo, &h->head_id) == ASSAY_OK;
}

enum assay_status
history_read_head(const struct evidence *raw, const struct parse_context *c, struct history *h,
    struct assay_error *err)
{
	struct assay_span format, head;
	TRY(member_of(raw, "git/format", &format, err));
	TRY(member_of(raw, "git/head", &head, err));
	if (assay_span_equal(format, assay_span_str("sha1\n")))
		h->algo = OID_SHA1;
	else if (assay_span_equal(format, assay_span_str("sha256\n")))
		h->algo = OID_SHA256;
	else
		return assay_fail(err, ASSAY_E_FORMAT, "git/format is neither sha1 nor sha256");
	if (head.len < 2 || head.data[head.len - 1] != '\n' ||
	    memchr(head.data, '\n', head.len - 1) != NULL || memchr(head.data, 0, head.len) != NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "git/head is not one line");
	head.len--;
	struct assay_span name;
	bool detached = false;
	if (!read_head(head, h, &name, &detached))
		return assay_fail(err, ASSAY_E_FORMAT, "git/head isn't a ref's name or 'detached', and an id");
	if (detached)
		return ASSAY_OK;
	h->head = arena_copy(c->arena, name);
	return h->head != NULL ? ASSAY_OK : arena_full(err);
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
	if (!is_ref_name(name))
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
	TRY(member_of(raw, "git/refs", &text, err));
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
