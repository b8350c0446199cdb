/* SPDX-License-Identifier: Apache-2.0 */
#include "object_set.h"

#include <base/cleanup.h>

void
object_set_done(struct object_set *s)
{
	free(s->items);
}

enum assay_status
object_set_add(struct object_set *s, const struct oid *id, enum git_type type, struct assay_span bytes,
    struct assay_error *err)
{
	if (s->count == s->room) {
		const size_t room = s->room == 0 ? 256 : 2 * s->room;
		struct tree_object *more = reallocarray(s->items, room, sizeof(*more));
		if (more == NULL)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for %s", s->what);
		s->items = more;
		s->room = room;
	}
	s->bytes += bytes.len;
	if (s->bytes > s->most)
		return assay_fail(err, ASSAY_E_LIMIT, "%s have more than %zu bytes", s->what, s->most);
	const char *copy = arena_copy(s->arena, bytes);
	if (copy == NULL)
		return arena_full(err);
	s->items[s->count++] = (struct tree_object) { *id, type, { (const unsigned char *)copy, bytes.len } };
	return ASSAY_OK;
}

static int
compare(const void *a, const void *b)
{
	return oid_compare(&((const struct tree_object *)a)->id, &((const struct tree_object *)b)->id);
}

void
object_set_settle(struct object_set *s)
{
	size_t kept = 0;
	if (s->count > 0)
		qsort(s->items, s->count, sizeof(s->items[0]), compare);
	for (size_t i = 0; i < s->count; i++)
		if (i == 0 || compare(&s->items[kept - 1], &s->items[i]) != 0)
			s->items[kept++] = s->items[i];
	s->count = kept;
}

enum assay_status
object_set_keep(struct arena *arena, const struct buf *text, const char *what, struct assay_span *ret_bytes,
    struct assay_error *err)
{
	TRY(buf_status(text, what, err));
	const char *copy = arena_copy(arena, buf_span(text));
	if (copy == NULL)
		return arena_full(err);
	*ret_bytes = (struct assay_span) { (const unsigned char *)copy, text->len };
	return ASSAY_OK;
}

enum assay_status
object_set_stream(struct object_set *s, enum oid_algo algo, size_t cap, struct assay_span *ret_bytes,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(cap);
	char hex[2 * OID_MAX + 1];
	object_set_settle(s);
	for (size_t i = 0; i < s->count; i++) {
		const struct tree_object *o = &s->items[i];
		oid_hex(&o->id, algo, hex);
		buf_addf(&out, "%s %s %zu\n", hex, git_type_name(o->type), o->bytes.len);
		buf_add_span(&out, o->bytes);
		buf_add_byte(&out, '\n');
	}
	return object_set_keep(s->arena, &out, s->what, ret_bytes, err);
}
