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

bool
id_list_has(const struct id_list *l, const struct oid *id)
{
	size_t low = 0;
	size_t high = l->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = oid_compare(&l->items[middle].id, id);
		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

void
id_list_done(struct id_list *l)
{
	free(l->items);
	*l = (struct id_list) { 0 };
}
