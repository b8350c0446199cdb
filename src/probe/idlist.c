/* SPDX-License-Identifier: Apache-2.0 */
#include "idlist.h"

#define FIRST_ROOM 64

static int
compare_pairs(const void *a, const void *b)
{
	const struct id_pair *x = a;
	const struct id_pair *y = b;
	int order = oid_compare(&x->id, &y->id);
	return order != 0 ? order : oid_compare(&x->other, &y->other);
}

void
id_list_settle(struct id_list *l)
{
	if (l->settled == l->count)
		return;
	qsort(l->items, l->count, sizeof(l->items[0]), compare_pairs);
	size_t kept = 0;
	for (size_t i = 0; i < l->count; i++)
		if (kept == 0 || oid_compare(&l->items[kept - 1].id, &l->items[i].id) != 0)
			l->items[kept++] = l->items[i];
	l->count = l->settled = kept;
}

/* Sorting out doubles whenever the list is full keeps it as short as what is in it. */
static bool
make_room(struct id_list *l)
{
	id_list_settle(l);
	if (l->count < l->room - l->room / 2)
		return true;
	size_t room = l->room == 0 ? FIRST_ROOM : l->room * 2;
	struct id_pair *more = reallocarray(l->items, room, sizeof(*more));
	if (more == NULL) {
		l->failed = true;
		return false;
	}
	l->items = more;
	l->room = room;
	return true;
}

void
id_list_add(struct id_list *l, const struct id_pair *item)
{
	if (l->failed || (l->count == l->room && !make_room(l)))
		return;
	if (l->count >= ID_LIST_MAX) {
		l->overflow = true;
		return;
	}
	l->items[l->count++] = *item;
}

static int
compare_ids(const void *a, const void *b)
{
	return oid_compare(a, b);
}

const void *
id_search(const struct oid *id, const void *items, size_t count, size_t size)
{
	return count == 0 ? NULL : bsearch(id, items, count, size, compare_ids);
}

void
id_list_done(struct id_list *l)
{
	free(l->items);
	*l = (struct id_list) { 0 };
}
