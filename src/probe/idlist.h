/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of ids that several threads add to and that come out the same whatever their order was.
 */
#pragma once

#include <codec/gitobj.h>

/* Distinct ids that are kept; beyond, only that there were more is known. */
#define ID_LIST_MAX 4000000

struct id_pair {
	struct oid id;
	struct oid other; /* found instead, or needed by; zero when neither */
	enum git_type type;
};

struct id_list {
	struct id_pair *items;
	size_t count;
	size_t room;
	size_t settled; /* the first ones are sorted and distinct */
	bool overflow;
	bool failed;    /* no memory */
};

/* Not for several threads at once: the caller holds a lock. */
void id_list_add(struct id_list *l, const struct id_pair *item);
/* Sorts, and keeps one of each id: that with the smallest other. */
void id_list_settle(struct id_list *l);
void id_list_done(struct id_list *l);
/* The item, of size bytes and beginning with its id, in an array sorted by id; NULL when none has this id. */
const void *id_search(const struct oid *id, const void *items, size_t count, size_t size);
