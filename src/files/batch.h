/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs that one worker does in one go, with all that has to outlive the call that submitted them.
 */
#pragma once

#include "work.h"

#define BATCH_JOBS 128
/* Descriptors that a batch keeps open at most: folders, apart from those that others keep, and
 * files that came open. */
#define BATCH_FOLDERS 16
/* Notes and names. */
#define BATCH_TEXT 49152u
_Static_assert(
    BATCH_TEXT > HASH_NOTE_MAX + WALK_NAME_MAX + 1, "any job has room in an empty batch");
/* Likely bytes of content after which a batch is long enough. */
#define BATCH_LIKELY ((uint64_t)2 << 20)
_Static_assert(
    (2 * HASH_THREADS_MAX + 1) * BATCH_TEXT <= HASH_NOTES_MAX, "the cap for notes holds");

struct batch {
	size_t count, delivered;
	size_t used, folders;
	/* The folders of the jobs: held once for all that follow each other, for who counts up a folder takes it from the core of whoever
	 * is opening its files. */
	size_t held_count;
	struct walk_folder *held[BATCH_FOLDERS];
	uint64_t likely;
	enum assay_status status; /* of the engine */
	struct job jobs[BATCH_JOBS];
	char text[BATCH_TEXT];
};

/* False when there is no room: then job is as it was. Takes job's fd; copies note and name; keeps
 * the folder. */
bool batch_add(struct batch *b, const struct job *job, uint64_t likely);
/* True when it's time to do it. */
bool batch_is_long(const struct batch *b);
/* Does all jobs; b->status says whether the engine did. */
void batch_do(struct batch *b, struct worker *w);
/* Gives back what jobs hold, and empties it. */
void batch_empty(struct batch *b);
