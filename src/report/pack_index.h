/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pack's index: what stands in it, and how it stands in index.dsse. One form only: what pack_index_read takes,
 * pack_index_write would have written, byte by byte.
 */
#pragma once

#include <assay/base64.h>
#include <assay/hash.h>
#include <base/arena.h>
#include <base/buf.h>
#include <stdbool.h>
#include <stdint.h>
#include <trust/signer.h>

#define PACK_INDEX_NAME "index.dsse"
#define PACK_EVIDENCE_NAME "evidence.json"
#define PACK_POLICY_NAME "policy/policy.yaml"
#define PACK_ROSTER_NAME "policy/roster.yaml"
#define PACK_VERDICTS_NAME "verdicts.json"
#define PACK_PAYLOAD_TYPE "application/vnd.in-toto+json"
#define PACK_STATEMENT_TYPE "https://in-toto.io/Statement/v1"
#define PACK_PREDICATE_TYPE "urn:assay:pack:1"
/* Most bytes of index.dsse, and most names in require. */
#define PACK_INDEX_MAX (64u << 20)
#define PACK_REQUIRE_MAX 10000

struct pack_entry {
	const char *name;
	struct assay_span bytes; /* not of the index: where it stands, for writer and reader */
	unsigned char sha256[ASSAY_SHA256_SIZE];
};

struct pack_index {
	const char *subject;
	const char *program;
	int64_t date; /* midnight */
	bool date_given;
	const char *const *require;
	size_t require_count;
	const char *root;            /* pinned, 64 hex digits in lower case; NULL: none */
	const unsigned char *signer; /* 32 bytes, NULL: nobody */
	struct pack_entry *entries;  /* sorted by name */
	size_t count;
};

/* A signature as it stands in the envelope; nobody has verified it. */
struct pack_index_signature {
	size_t count; /* 0 or 1 */
	const char *keyid;
	struct assay_span bytes;
	struct assay_span payload; /* what it is over, in DSSE's encoding with PACK_PAYLOAD_TYPE */
};

/* Appends index.dsse's bytes; signer as pack_write. */
ASSAY_MUST_USE enum assay_status pack_index_write(const struct pack_index *index, struct signer *signer,
    struct buf *out, struct assay_error *err);
/* entries have no bytes. */
ASSAY_MUST_USE enum assay_status pack_index_read(struct assay_span dsse, struct arena *arena,
    struct pack_index *ret_index, struct pack_index_signature *ret_signature,
    struct assay_error *err);
