/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Choosing an engine, and having it show that it computes rightly before it is believed.
 */
#include "engine.h"

#include <base/cleanup.h>
#include <files/hash.h>
#include <string.h>

#define KINDS_MAX 16

/*
 * Lengths around the ends of SHA-256's blocks and of ours, more of them than any engine has lanes,
 * long ones between short ones.
 */
static const unsigned short proof_lengths[] = {0, 1, 3, 55, 56, 57, 63, 64, 65, 111, 112, 119, 120,
    127, 128, 129, 183, 184, 255, 256, 257, 511, 4095, 4096, 4097, 8191, 1000, 31, 4096, 4096, 2048,
    7, 4096, 4096, 6000, 4096, 4096, 4096, 64, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 4096, 0};

#define PROOFS (sizeof(proof_lengths) / sizeof(proof_lengths[0]))
#define PROOF_LONGEST 8191u

/* What tests/unit/files/proof.py prints. */
static const unsigned char proof_many[ENGINE_SHA256_SIZE] = {0x33, 0x2b, 0x48, 0x14, 0x22, 0x0d,
    0x5d, 0x89, 0xa0, 0x9c, 0xdc, 0x15, 0xb1, 0xeb, 0x28, 0xa3, 0x17, 0xfd, 0xed, 0x5b, 0xa1, 0x75,
    0x12, 0xa5, 0x4e, 0x71, 0x0a, 0x10, 0xb0, 0x1f, 0xa2, 0xc6};
static const unsigned char proof_streams[3][ENGINE_DIGEST_MAX] = {
    {0x1d, 0xcb, 0x1d, 0xff, 0xb3, 0x1f, 0x26, 0x2d, 0xb3, 0x7f, 0x79, 0x2c, 0x6f, 0x1e, 0xd0, 0xee,
	0x57, 0x0d, 0x3c, 0xf0, 0x11, 0xb3, 0xe4, 0xa0, 0x38, 0x14, 0x25, 0x11, 0x04, 0x32, 0x1d,
	0xc5},
    {0x95, 0xc4, 0xa1, 0x73, 0x08, 0xed, 0xa0, 0x10, 0x61, 0xed, 0x8e, 0x92, 0xfa, 0x53, 0xe2, 0xcf,
	0x09, 0x68, 0xb3, 0xe8, 0xa3, 0x12, 0xd8, 0xf6, 0x8b, 0xed, 0x4c, 0x14, 0xf3, 0x2e, 0xf0,
	0x8c, 0x5f, 0xe1, 0xb5, 0x5c, 0xca, 0xd9, 0x3b, 0x17, 0x5b, 0x02, 0x55, 0xe9, 0x36, 0x56,
	0xbe, 0x37},
    {0x9f, 0xb7, 0x51, 0x31, 0x8e, 0xbf, 0x37, 0x50, 0x09, 0xff, 0x93, 0x0b, 0x82, 0xb7, 0xfc, 0xaa,
	0xbb, 0xd8, 0x06, 0x0d, 0xba, 0x12, 0x48, 0x8c, 0x39, 0x43, 0x1a, 0xe1, 0x14, 0xe3, 0x84,
	0xb2, 0x32, 0x15, 0x1a, 0xfc, 0xd5, 0xf1, 0xf2, 0x99, 0xa7, 0xd7, 0x8a, 0xdd, 0x1a, 0x9d,
	0x81, 0xd7, 0x9f, 0xa3, 0xe1, 0x8f, 0x25, 0x65, 0x1f, 0x10, 0xa1, 0x0b, 0x04, 0xde, 0xa0,
	0xc9, 0xf3, 0xc2}};
static const size_t stream_sizes[] = {32, 48, 64};

/* The same bytes everywhere, of no pattern that a block or a lane could hide behind. */
static void
proof_bytes(unsigned char *bytes, size_t len)
{
	uint32_t x = 0x9e3779b9u;
	for (size_t i = 0; i < len; i++) {
		x = x * 1664525u + 1013904223u;
		bytes[i] = (unsigned char)(x >> 24);
	}
}

/* All messages at once; then their digests, one after the other, as one message. */
static enum assay_status
prove_many(struct engine *e, const unsigned char *bytes, bool *ret_right)
{
	unsigned char digests[PROOFS][ENGINE_SHA256_SIZE], whole[ENGINE_SHA256_SIZE];
	struct engine_message messages[PROOFS];
	for (size_t i = 0; i < PROOFS; i++)
		messages[i] = (struct engine_message){bytes + i, proof_lengths[i], digests[i]};
	TRY(e->kind->many(e, messages, PROOFS));
	const struct engine_message all = {digests[0], sizeof(digests), whole};
	TRY(e->kind->many(e, &all, 1));
	*ret_right = memcmp(whole, proof_many, sizeof(whole)) == 0;
	return ASSAY_OK;
}

/* Neighbours that begin alike, and the same by themselves. */
static enum assay_status
prove_pairs(struct engine *e, const unsigned char *bytes, bool *ret_right)
{
	unsigned char together[PROOFS][ENGINE_SHA256_SIZE], alone[ENGINE_SHA256_SIZE];
	struct engine_message messages[PROOFS];
	for (size_t i = 0; i < PROOFS; i++)
		messages[i] =
		    (struct engine_message){bytes + i / 2, proof_lengths[i], together[i]};
	TRY(e->kind->many(e, messages, PROOFS));
	for (size_t i = 0; *ret_right && i < PROOFS; i++) {
		messages[i].digest = alone;
		TRY(e->kind->many(e, &messages[i], 1));
		*ret_right = memcmp(alone, together[i], sizeof(alone)) == 0;
	}
	return ASSAY_OK;
}

static enum assay_status
prove_stream(
    struct engine *e, enum engine_algorithm algorithm, const unsigned char *bytes, bool *ret_right)
{
	unsigned char digest[ENGINE_DIGEST_MAX] = {0};
	void *stream = NULL;
	TRY(e->kind->begin(e, algorithm, &stream));
	enum assay_status s = ASSAY_OK;
	for (size_t at = 0, step = 1; s == ASSAY_OK && at < PROOF_LONGEST; at += step, step += 61) {
		const size_t left = PROOF_LONGEST - at;
		s = e->kind->add(
		    stream, (struct assay_span){bytes + at, step < left ? step : left});
	}
	if (s == ASSAY_OK)
		s = e->kind->end(stream, digest);
	e->kind->drop(stream);
	*ret_right = memcmp(digest, proof_streams[algorithm], stream_sizes[algorithm]) == 0;
	return s;
}

enum assay_status
engine_prove(struct engine *e, struct assay_error *err)
{
	unsigned char bytes[PROOF_LONGEST + PROOFS];
	bool right = false;
	proof_bytes(bytes, sizeof(bytes));
	enum assay_status s = prove_many(e, bytes, &right);
	if (s == ASSAY_OK)
		s = prove_pairs(e, bytes, &right);
	for (int a = ENGINE_SHA256; s == ASSAY_OK && right && a <= ENGINE_SHA512; a++)
		s = prove_stream(e, (enum engine_algorithm)a, bytes, &right);
	if (s != ASSAY_OK)
		return assay_fail(err, s, "the hash engine '%s' fails", e->kind->name);
	if (!right)
		return assay_fail(err, ASSAY_E_VERIFY,
		    "the hash engine '%s' computes wrong digests here", e->kind->name);
	return ASSAY_OK;
}

void
engine_close(struct engine *e)
{
	if (e->kind != NULL)
		e->kind->close(e);
	*e = (struct engine){NULL, NULL};
}

static enum assay_status
open_kind(const struct engine_kind *kind, struct engine *ret_engine, struct assay_error *err)
{
	CLEANUP(engine_close) struct engine e = {kind, NULL};
	TRY(kind->open(&e, err));
	TRY(engine_prove(&e, err));
	*ret_engine = e;
	e = (struct engine){NULL, NULL};
	return ASSAY_OK;
}

enum assay_status
engine_open(const char *name, bool fips, struct engine *ret_engine, struct assay_error *err)
{
	const struct engine_kind *const *kinds = engine_kinds();
	enum assay_status s = ASSAY_E_NOT_FOUND;
	for (size_t i = 0; kinds[i] != NULL; i++) {
		if (name != NULL && strcmp(kinds[i]->name, name) != 0)
			continue;
		if (fips && !kinds[i]->fips)
			continue;
		/* The FIPS provider is only for who asks for it. */
		if (name == NULL && !fips && kinds[i]->fips)
			continue;
		s = open_kind(kinds[i], ret_engine, err);
		/* One that isn't here or computes wrongly is passed over, unless it was asked for.
		 */
		if (s == ASSAY_OK || name != NULL || fips)
			return s;
	}
	if (name != NULL) {
		(void)assay_fail(err, ASSAY_E_NOT_FOUND, "there is no hash engine '%s'%s", name,
		    fips ? " for FIPS" : "");
		return assay_error_todo(
		    err, ASSAY_E_NOT_FOUND, "leave the choice to assay, or see assay-digest(1)");
	}
	return fips ? assay_fail(err, ASSAY_E_UNSUPPORTED, "this build has no hash engine for FIPS")
		    : assay_fail(err, s, "no hash engine works here");
}

enum assay_status
engine_open_like(const struct engine *first, struct engine *ret_engine, struct assay_error *err)
{
	struct engine e = {first->kind, NULL};
	TRY(first->kind->open(&e, err));
	*ret_engine = e;
	return ASSAY_OK;
}

const char *
hash_engine_name(size_t i)
{
	const struct engine_kind *const *kinds = engine_kinds();
	for (size_t n = 0; kinds[n] != NULL; n++) {
		if (n == i)
			return kinds[n]->name;
	}
	return NULL;
}

const char *
hash_engine_about(size_t i)
{
	return hash_engine_name(i) == NULL ? NULL : engine_kinds()[i]->about;
}
