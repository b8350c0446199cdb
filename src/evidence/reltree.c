/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What looking at releases found, out of its members.
 */
#include <base/cleanup.h>
#include <base/text.h>
#include <evidence/reltree.h>
#include <string.h>

#define MATTERS_MAX 200000u

static bool
next_line(struct assay_span *in, struct assay_span *ret_line)
{
	const unsigned char *end = in->len == 0 ? NULL : memchr(in->data, '\n', in->len);
	if (end == NULL)
		return false;
	*ret_line = (struct assay_span){ in->data, (size_t)(end - in->data) };
	*in = (struct assay_span){ end + 1, in->len - ret_line->len - 1 };
	return true;
}

/* Up to the blank; what follows it stays in *in. */
static struct assay_span
next_word(struct assay_span *in)
{
	const unsigned char *end = in->len == 0 ? NULL : memchr(in->data, ' ', in->len);
	const struct assay_span word = { in->data, end == NULL ? in->len : (size_t)(end - in->data) };
	*in = end == NULL ? (struct assay_span){ NULL, 0 } : (struct assay_span){ end + 1, in->len - word.len - 1 };
	return word;
}

static enum assay_status
malformed(const char *what, size_t number, struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_FORMAT, "evidence '" RELEASE_TREE_KIND "' has no sound '%s' of release %zu", what, number);
}

static enum assay_status
read_source(struct assay_span bytes, size_t number, struct arena *arena, struct release_look *look, struct assay_error *err)
{
	struct assay_span line;
	if (bytes.len == 0)
		return ASSAY_OK;
	if (!next_line(&bytes, &line) || bytes.len > 0 || !text_is_utf8(line))
		return malformed("source", number, err);
	look->commit = arena_copy(arena, next_word(&line));
	const struct assay_span word = next_word(&line);
	const bool absent = assay_span_equal(word, assay_span_str("absent"));
	look->source = absent ? NULL : arena_copy(arena, word);
	look->source_why = absent ? arena_copy(arena, line) : NULL;
	return look->commit != NULL && (look->source != NULL || look->source_why != NULL) ? ASSAY_OK : arena_full(err);
}

static enum assay_status
read_matters(struct assay_span bytes, size_t number, struct arena *arena, struct release_look *look, struct assay_error *err)
{
	struct assay_span line, rest = bytes;
	size_t count = 0;
	while (next_line(&rest, &line))
		count++;
	if (rest.len > 0 || count > MATTERS_MAX || !text_is_utf8(bytes))
		return malformed("matters", number, err);
	look->matters = arena_array(arena, count + 1, sizeof look->matters[0]);
	if (look->matters == NULL)
		return arena_full(err);
	while (next_line(&bytes, &line)) {
		struct release_matter *m = &look->matters[look->matter_count++];
		m->code = arena_copy(arena, next_word(&line));
		if (text_to_u64(next_word(&line), &m->count) != ASSAY_OK)
			return malformed("matters", number, err);
		m->path = arena_copy(arena, next_word(&line));
		m->object = arena_copy(arena, line);
		if (m->code == NULL || m->path == NULL || m->object == NULL)
			return arena_full(err);
	}
	return ASSAY_OK;
}

static enum assay_status
read_package(struct assay_span line, struct arena *arena, struct release_package *p, struct assay_error *err)
{
	const char **const words[] = { &p->type, &p->name, &p->version };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		*words[i] = arena_copy(arena, next_word(&line));
		if (*words[i] == NULL)
			return arena_full(err);
	}
	p->file = arena_copy(arena, line);
	return p->file == NULL ? arena_full(err) : ASSAY_OK;
}

static enum assay_status
read_packages(struct assay_span bytes, size_t number, struct arena *arena, struct release_look *look, struct assay_error *err)
{
	struct assay_span line, rest = bytes;
	size_t count = 0;
	while (next_line(&rest, &line))
		count++;
	if (rest.len > 0 || count == 0 || count > RELEASE_PACKAGES_MAX || !text_is_utf8(bytes) || !next_line(&bytes, &line) ||
	    text_to_u64(next_word(&line), &look->databases) != ASSAY_OK)
		return malformed("packages", number, err);
	look->unread = line.len == 0 ? NULL : arena_copy(arena, line);
	look->packages = arena_array(arena, count, sizeof look->packages[0]);
	if ((line.len > 0 && look->unread == NULL) || look->packages == NULL)
		return arena_full(err);
	while (next_line(&bytes, &line))
		TRY(read_package(line, arena, &look->packages[look->package_count++], err));
	return ASSAY_OK;
}

static struct assay_span
member_of(const struct evidence *raw, struct arena *arena, size_t number, const char *name, size_t *used)
{
	const char *path = arena_printf(arena, "release/%zu/%s", number, name);
	const struct assay_span bytes = path == NULL ? (struct assay_span){ NULL, 0 } : evidence_member(raw, path);
	*used += bytes.data != NULL;
	return bytes;
}

static enum assay_status
read_tree(struct release_look *look, struct assay_span why, struct assay_span matters, size_t number, struct arena *arena,
    struct assay_error *err)
{
	struct assay_span line, rest = look->relevant;
	const char *fault = NULL;
	if (why.data == NULL || matters.data == NULL || look->relevant.data == NULL || !text_is_utf8(why))
		return malformed("listing", number, err);
	look->why = why.len == 0 ? NULL : arena_copy(arena, why);
	while (next_line(&rest, &line))
		look->relevant_count++;
	TRY(release_read_manifest(look->listing, arena, &look->counts, &fault, err));
	if (fault != NULL && look->why == NULL)
		return malformed("listing", number, err);
	return read_matters(matters, number, arena, look, err);
}

enum assay_status
release_tree_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts, struct assay_error *err)
{
	struct release_looks *all = arena_alloc(c->arena, sizeof *all);
	struct release_look *items = arena_array(c->arena, RELEASES_MAX, sizeof *items);
	size_t used = 0;
	if (all == NULL || items == NULL)
		return arena_full(err);
	*all = (struct release_looks){ items, 0 };
	for (; all->count < RELEASES_MAX; all->count++) {
		const size_t n = all->count;
		struct release_look *look = &items[n];
		const struct assay_span source = member_of(raw, c->arena, n, "source", &used);
		if (source.data == NULL)
			break;
		*look = (struct release_look){ .listing = member_of(raw, c->arena, n, "listing", &used),
			.relevant = member_of(raw, c->arena, n, "relevant", &used) };
		look->has_tree = look->listing.data != NULL;
		const struct assay_span why = member_of(raw, c->arena, n, "why", &used), matters = member_of(raw, c->arena, n, "matters", &used);
		const struct assay_span packages = member_of(raw, c->arena, n, "packages", &used);
		TRY(read_source(source, n, c->arena, look, err));
		if (look->has_tree)
			TRY(read_tree(look, why, matters, n, c->arena, err));
		if (look->has_tree)
			TRY(read_packages(packages, n, c->arena, look, err));
	}
	if (all->count == 0 || used != raw->member_count)
		return assay_fail(err, ASSAY_E_FORMAT, "evidence '" RELEASE_TREE_KIND "' has no release, or members that belong to none");
	*ret_facts = all;
	return ASSAY_OK;
}

bool
release_next_kind(struct assay_span *in, struct assay_span *ret_kind, struct assay_span *ret_path)
{
	if (!next_line(in, ret_path))
		return false;
	*ret_kind = next_word(ret_path);
	return true;
}

struct assay_span
release_kind_of(const struct release_look *look, struct assay_span path)
{
	struct assay_span kind, other, rest = look->relevant;
	while (release_next_kind(&rest, &kind, &other))
		if (assay_span_equal(other, path))
			return kind;
	return (struct assay_span){ NULL, 0 };
}
