/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The objects of a repository, listed, read and hashed again: once for all probes of a run.
 */
#pragma once

#include "idlist.h"
#include "mapping.h"

#include <probe/probe.h>
#include <pthread.h>

/* Largest blob that is read, in bytes. */
#define STORE_BLOB_MAX ((size_t)1 << 30)
/* Commits and tags together, in bytes. */
#define STORE_COMMITS_MAX ((uint64_t)8 << 30)
#define STORE_NONE UINT32_MAX

enum object_state {
	OBJECT_LISTED,     /* not read yet */
	OBJECT_READ,       /* not hashed yet */
	OBJECT_OK,         /* its bytes are what its id says */
	OBJECT_ALTERED,
	OBJECT_COLLISION,  /* made for a collision attack on SHA-1 */
	OBJECT_UNREADABLE,
	OBJECT_OVER_CAP,
};

struct store_object {
	struct oid id;
	uint32_t place;  /* in the listing */
	uint32_t commit; /* commits and tags: index into commits, else STORE_NONE */
	unsigned char type;  /* enum git_type; meaningless when not known */
	unsigned char state; /* enum object_state */
	bool known;
};

/* Parents that are kept beside a commit; one that has more, or one that is absent, is read again when it is followed. */
#define STORE_PARENTS_MAX 2

/* A commit or tag in the stream of all of them, sorted by id, as cat-file writes it. */
struct store_commit {
	uint32_t object;
	uint32_t size;
	uint64_t at;    /* of its header line */
	uint32_t header;
	bool has_parents; /* once OBJECT_OK: parents holds all of them, as indices into objects */
	unsigned char parent_count;
	uint32_t parents[STORE_PARENTS_MAX];
};

struct leaks;

struct store {
	const struct probe_context *c;
	struct object_reader *reader;
	struct mapping object_room;
	struct store_object *objects; /* sorted by id */
	uint32_t count;
	uint32_t *order;              /* order[place]: index into objects */
	uint32_t *fan;                /* fan[n]: how many ids have first two bytes below n */
	struct store_commit *commits;
	uint32_t commit_count;
	unsigned char *stream;        /* of the context's arena */
	uint64_t stream_len;
	bool commits_read;
	bool rest_read;
	pthread_mutex_t lock;         /* of what follows, while jobs run */
	struct id_list altered;       /* other: the id its bytes have; zero when git can't read it */
	struct id_list collisions;
	struct id_list missing;       /* other: who needs it; type: of the one that is missing */
	struct id_list over_cap;
	struct id_list malformed;     /* trees that can't be stepped through to their end */
	struct leaks *leaks;          /* the search for keys in what is read; NULL: nobody asked for it */
	enum assay_status unhashed;   /* why an object could not be hashed, ASSAY_OK when all were */
	uint64_t hashed[4];           /* by type */
};

/* The context's store, made when first asked for; it lists but reads nothing yet. */
enum assay_status store_get(const struct probe_context *c, struct store **ret_store,
    struct assay_error *err);
void store_free(struct store **store);
/* Reads and hashes commits and tags, once. */
enum assay_status store_read_commits(struct store *s, struct assay_error *err);
/* Reads and hashes all others, once. */
enum assay_status store_read_rest(struct store *s, struct assay_error *err);
/* Reads loose objects again where a pack may hold them too, after all others: altered and over_cap grow. */
enum assay_status store_read_loose(struct store *s, struct assay_error *err);
/* Index into objects, or STORE_NONE. */
uint32_t store_find(const struct store *s, const struct oid *id);
/* The bytes of a commit or tag that is OBJECT_OK. */
struct assay_span store_commit_bytes(const struct store *s, const struct store_commit *commit);
/* HEAD's tree, or STORE_NONE when it or HEAD's commit is absent or altered; after store_read_commits(). */
uint32_t store_head_tree(const struct store *s);
bool store_is_shallow(const struct store *s, const struct oid *id);

/* store_check.c, for the threads: hashes bytes again, notes what is wrong, and looks whether what they lead to is there. */
void store_check(struct store *s, uint32_t object, struct assay_span bytes);
/* Notes an object that git listed and can't give. */
void store_note_unreadable(struct store *s, uint32_t object);
void store_note_over_cap(struct store *s, uint32_t object);
