/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests of many files and of large ones, on all cores: what is asked for comes out of one read of each file. Jobs go in one by one,
 * results come out in the same order, on the caller's thread, from within the calls below. What waits is bounded: HASH_BUFFERS_MAX bytes
 * of files, HASH_NOTES_MAX of notes; then hasher_...() calls work or wait until there is room.
 *
 * "fs-verity" is the fs-verity digest of a file: SHA-256, 4096-byte blocks, no salt.
 */
#pragma once

#include <assay/status.h>
#include <files/walk.h>

/* Threads, whatever there are of cores: what they hold is part of the caps. */
#define HASH_THREADS_MAX 16
/* Bytes of file content in memory, all threads together. */
#define HASH_BUFFERS_MAX (12u << 20)
/* Bytes of notes that wait with their jobs, all together, and of one note. */
#define HASH_NOTES_MAX (2u << 20)
#define HASH_NOTE_MAX 40960

#define HASH_SLACK (1u << 20)

/* What is wanted of each file: any of these together. */
#define HASH_SHA256 1u
#define HASH_VERITY 2u
#define HASH_SHA384 4u
#define HASH_SHA512 8u

struct hash_options {
	unsigned want;
	unsigned threads;   /* 0: one a core; 1: on the caller's thread alone */
	const char *engine; /* of hash_engine_name(); NULL: the fastest that works here */
	bool fips;          /* what a FIPS provider computes, and nothing else */
	bool bounded;       /* a file longer than it is said to be, by more than HASH_SLACK bytes, isn't read: HASH_TOO_LONG */
	/*
	 * A small file that a single read took to its end isn't looked at again: that it is what it was before it was read is for the
	 * caller to find out, who compares the digest with one that is known, when they differ.
	 */
	bool known;
};

enum hash_outcome {
	HASH_FAILED, /* not reached by anybody: an outcome starts as this */
	HASH_DONE,
	HASH_CHANGED,    /* while it was looked at: no digests */
	HASH_MISSING,    /* there is no such name */
	HASH_UNREADABLE, /* error says why */
	HASH_OTHER_TYPE, /* no regular file: facts say what it is */
	HASH_TOO_LONG,   /* with options.bounded: facts say how long it is */
};

struct hash_result {
	enum hash_outcome outcome;
	int error;                  /* an errno with HASH_UNREADABLE, else 0 */
	struct assay_span note;     /* as it was submitted */
	struct walk_folder *folder; /* as it was submitted */
	const char *name;           /* as it was submitted */
	struct walk_facts facts;    /* of the very file that was read, as it was before and after */
	struct assay_span target;   /* hasher_look(): of a link */
	uint64_t bytes;             /* that were hashed; holes count */
	uint64_t entries;           /* hasher_count(): entries that the folder has; folder->expected - folder->missing should be there */
	/* Those that were asked for, with HASH_DONE; else all zero. */
	unsigned char sha256[32], verity[32], sha384[48], sha512[64];
};

/* What it points to is gone after the call. Anything but ASSAY_OK ends it all: no more results come. */
typedef enum assay_status hash_done(void *ctx, const struct hash_result *result,
    struct assay_error *err);

struct hasher;

/*
 * ASSAY_E_USAGE when nothing is wanted, ASSAY_E_NOT_FOUND for an engine that this build or machine doesn't have, ASSAY_E_VERIFY for one that
 * computes wrongly, ASSAY_E_UNSUPPORTED when there is no FIPS provider.
 */
ASSAY_MUST_USE enum assay_status hasher_new(const struct hash_options *options, hash_done *done,
    void *ctx, struct hasher **ret_hasher, struct assay_error *err);
/* What was submitted and not delivered is forgotten. */
void hasher_free(struct hasher **h);
/* The engine's name, and how many threads work. */
const char *hasher_engine(const struct hasher *h);
unsigned hasher_threads(const struct hasher *h);

/*
 * Each of these is one job and leads to one result. note (at most HASH_NOTE_MAX bytes) is copied and handed back. folder is kept as long
 * as is needed. likely_size helps to plan and may be wrong, unless options.bounded; 0 when not known. They return what done() returned, ASSAY_E_MEMORY,
 * ASSAY_E_INTERNAL when the engine failed, ASSAY_E_USAGE for a name that is no single component or a note that is too long.
 */
ASSAY_MUST_USE enum assay_status hasher_file(struct hasher *h, struct walk_folder *folder,
    const char *name, uint64_t likely_size, struct assay_span note, struct assay_error *err);
/* Of a file that is open; the hasher closes fd, whatever comes of it. It is read from its beginning. */
ASSAY_MUST_USE enum assay_status hasher_open_file(struct hasher *h, int fd,
    struct assay_span note, struct assay_error *err);
/* Facts, and a link's target; nothing is opened. */
ASSAY_MUST_USE enum assay_status hasher_look(struct hasher *h, struct walk_folder *folder,
    const char *name, struct assay_span note, struct assay_error *err);
/* How many entries the folder has: after the last job about it. */
ASSAY_MUST_USE enum assay_status hasher_count(struct hasher *h, struct walk_folder *folder,
    struct assay_span note, struct assay_error *err);
/* Waits for all that was submitted. More may follow. */
ASSAY_MUST_USE enum assay_status hasher_finish(struct hasher *h, struct assay_error *err);

/*
 * The SHA-256 of one message, by the fastest engine that works here. One message after the other: begin() forgets what went before.
 * ASSAY_E_MEMORY; ASSAY_E_INTERNAL when the engine fails, or nothing was begun.
 */
struct hash_stream;
ASSAY_MUST_USE enum assay_status hash_stream_new(struct hash_stream **ret_stream, struct assay_error *err);
void hash_stream_free(struct hash_stream **s);
ASSAY_MUST_USE enum assay_status hash_stream_begin(struct hash_stream *s, struct assay_error *err);
ASSAY_MUST_USE enum assay_status hash_stream_add(struct hash_stream *s, struct assay_span bytes, struct assay_error *err);
ASSAY_MUST_USE enum assay_status hash_stream_end(struct hash_stream *s, unsigned char ret_digest[32], struct assay_error *err);

/* The engines of this build, fastest first: NULL after the last. Not all of them work on every machine. */
const char *hash_engine_name(size_t i);
const char *hash_engine_about(size_t i);
/*
 * For work that should not be felt: lowest priority for processor and disk, for this thread and those that it starts. Best done before
 * hasher_new() with threads 1. ASSAY_E_SYSTEM when the system refuses.
 */
ASSAY_MUST_USE enum assay_status hash_be_polite(struct assay_error *err);
