/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Probes: they look, and have no opinion. One file a source of evidence, all in one table.
 */
#pragma once

#include <evidence/evidence.h>
#include <probe/repository.h>

struct store;
struct engine_server;
struct cache;

struct probe_context {
	const struct repository *repository;
	struct arena *arena;   /* members live here or in mappings that live as long */
	struct pool *pool;
	void (*progress)(void *ctx, const char *what, uint64_t done, uint64_t total); /* may be NULL */
	void *progress_ctx;
	struct engine_server *engines; /* runs the plan's engines; NULL: none is run */
	struct cache *engine_cache;    /* what they did before; may be NULL */
	const struct oid *changes;     /* commits, of which git-reviewed shows what they changed beside what records name; may be NULL */
	size_t change_count;
	bool find_keys;        /* probe_run's: what is read is searched for private keys */
	struct store **shared; /* probe_run's, who sets it: objects that its probes share */
};

struct probe {
	const char *kind;
	enum assay_status (*fetch)(const struct probe_context *c, struct evidence *ret_evidence,
	    struct assay_error *err);
};

extern const struct probe probes[];
extern const size_t probe_count;

/* Runs the probes for kinds (NULL: all). A source that can't be read is evidence that says so, not an error. */
ASSAY_MUST_USE enum assay_status probe_run(const struct probe_context *c, const char *const *kinds,
    size_t kind_count, struct evidence_set *ret_set, struct assay_error *err);
