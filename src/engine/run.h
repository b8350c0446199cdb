/* SPDX-License-Identifier: Apache-2.0 */
/* One run after the other: what is asked, what it depends on, and what is kept of it. */
#pragma once

#include "table.h"

struct cache;

/* One run of one pass over one or several units of the same options. */
struct run {
	const struct sca_pass *pass;
	const struct table_pass *how;
	const struct sca_unit *const *units;
	size_t unit_count;
	bool demo;           /* units are snippets */
	unsigned char key[ASSAY_SHA256_SIZE];
	bool cached;
	char *frame;         /* as sca_output_add writes it; of the heap */
	size_t frame_len;
	enum sca_state state;
	struct assay_error why; /* when it has no frame: no memory, the worker is gone */
};

struct run_context {
	struct engine_server *server;
	const struct engine *engine;
	const char *program;
};

/* For any thread: runs it and makes its frame. */
void run_one(const struct run_context *c, struct run *r);
/* A frame for what isn't run at all. */
void run_skip(struct run *r, enum sca_state state, const char *why);
/* What a tidy run's streams are kept as: names of checks without times, and lines for offsets. NULL without memory. */
char *run_profile(struct assay_span json, size_t *ret_len);
char *run_places(struct engine_server *s, bool demo, struct assay_span yaml, size_t *ret_len);

/* Digest of all that a unit may read in the tree: itself and whatever its options or any branch of it may include, by name. */
ASSAY_MUST_USE enum assay_status depends_digest(struct engine_server *s, const struct sca_unit *unit,
    unsigned char ret_digest[ASSAY_SHA256_SIZE], struct assay_error *err);
/* Of the system's headers: names, sizes and times of change, as they are when this is first asked. */
ASSAY_MUST_USE enum assay_status depends_system(struct engine_server *s, unsigned char ret_digest[ASSAY_SHA256_SIZE], struct assay_error *err);
