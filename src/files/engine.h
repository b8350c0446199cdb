/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What computes digests, one row a kind. Nothing else in this room knows a crypto library. An
 * engine that was opened serves one thread at a time.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>
#include <stdint.h>

#define ENGINE_SHA256_SIZE 32
#define ENGINE_DIGEST_MAX 64

enum engine_algorithm {
	ENGINE_SHA256,
	ENGINE_SHA384,
	ENGINE_SHA512,
};

/* One message whose SHA-256 is wanted. */
struct engine_message {
	const unsigned char *data;
	size_t len; /* at most ENGINE_MESSAGE_MAX */
	unsigned char *digest;
};

#define ENGINE_MESSAGE_MAX (1u << 20)

struct engine;

struct engine_kind {
	const char *name;
	const char *about;
	bool fips; /* what a FIPS provider computes */
	/* ASSAY_E_NOT_FOUND when this machine hasn't got it, ASSAY_E_UNSUPPORTED when something
	 * must be set up first. */
	enum assay_status (*open)(struct engine *e, struct assay_error *err);
	void (*close)(struct engine *e);
	/* SHA-256 of each of n messages. When one begins at the same byte as the one before it,
	 * what they have in common may be hashed once. */
	enum assay_status (*many)(
	    struct engine *e, const struct engine_message *messages, size_t n);
	/* One long message, piece by piece. */
	enum assay_status (*begin)(
	    struct engine *e, enum engine_algorithm algorithm, void **ret_stream);
	enum assay_status (*add)(void *stream, struct assay_span bytes);
	enum assay_status (*end)(void *stream, unsigned char *ret_digest);
	void (*drop)(void *stream);
};

struct engine {
	const struct engine_kind *kind;
	void *inside;
};

/* The kinds of this build, fastest first, ended by NULL. */
const struct engine_kind *const *engine_kinds(void);
/* NULL: the first that works, of those that are for FIPS when fips. Only one that has shown that it
 * computes rightly is handed out. */
ASSAY_MUST_USE enum assay_status engine_open(
    const char *name, bool fips, struct engine *ret_engine, struct assay_error *err);
/* Another of the same kind, for another thread. */
ASSAY_MUST_USE enum assay_status engine_open_like(
    const struct engine *first, struct engine *ret_engine, struct assay_error *err);
void engine_close(struct engine *e);
/* ASSAY_E_VERIFY when its digests of known messages, short and long, alone and many at once, are
 * not what they must be. */
ASSAY_MUST_USE enum assay_status engine_prove(struct engine *e, struct assay_error *err);

extern const struct engine_kind engine_evp, engine_fips, engine_portable;
/* On x86-64. What there is no kernel for is done by the engine beside them, which is the build's. */
extern const struct engine_kind engine_lanes16, engine_shani3;
extern const struct engine_kind *const engine_beside;
/* libipsec-mb, where it is there. */
extern const struct engine_kind engine_avx512, engine_shani, engine_avx2;
