/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search for private keys in all objects, while they are read and hashed for whoever asked: each content once.
 */
#pragma once

#include <codec/canon.h>
#include <codec/gitobj.h>
#include <evidence/leaks.h>
#include <pthread.h>

/* Contents with findings that are kept; beyond, they are counted. */
#define LEAKED_MAX 10000u

struct leaked {
	struct oid id;
	enum git_type type;
	bool is_file;            /* and no object: id says nothing */
	struct leak_found found;
	/* Where it is, once that was looked for. */
	bool is_located, head;
	uint32_t tree;           /* index of the tree that names it, or UINT32_MAX */
	uint32_t shown_by;       /* index of a commit or tag, or UINT32_MAX */
	char *name;              /* own memory: its path */
};

struct leaks {
	struct leak_finder *finder;
	pthread_mutex_t lock;    /* of all that follows */
	struct leaked *items;
	size_t count, room;
	uint64_t contents, bytes, more;
	char (*listed)[2 * ASSAY_SHA256_SIZE + 1]; /* digests that inventories name */
	size_t listed_count;
	enum assay_status status;
};

ASSAY_MUST_USE enum assay_status leaks_new(struct leaks **ret_leaks, struct assay_error *err);
void leaks_free(struct leaks **leaks);
/* For any thread. */
void leaks_look(struct leaks *l, const struct oid *id, enum git_type type, struct assay_span bytes);
/* The same for a file; path is copied. */
void leaks_look_file(struct leaks *l, const char *path, struct assay_span bytes);
/* Sorted, so that no order of threads shows. ASSAY_E_MEMORY. */
ASSAY_MUST_USE enum assay_status leaks_settle(struct leaks *l, struct assay_error *err);

/* The record. */
struct leaks_record {
	const struct leaks *leaks;
	enum oid_algo algo;
	json_t *root, *hits, *unseen;
	uint64_t more;
	bool failed;
	const char *(*commit)(void *ctx, const struct leaked *l, char *room); /* hex of what shows it, or "" */
	void *ctx;
};
ASSAY_MUST_USE enum assay_status leaks_record_begin(struct leaks_record *r, struct assay_error *err);
void leaks_record_done(struct leaks_record *r);
void leaks_record_unseen(struct leaks_record *r, struct assay_span what, const char *why);
/* Writes all into one member of e. */
ASSAY_MUST_USE enum assay_status leaks_record_end(struct leaks_record *r, const char *member, struct arena *arena, struct evidence *e,
    struct assay_error *err);
