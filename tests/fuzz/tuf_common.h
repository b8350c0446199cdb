/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Metadata for fuzzers: payloads, one line each, of which the first letter says what it is, signed here with two keys that never
 * change, so that what is mutated is still signed; "!" instead of a letter is a file as it is.
 */
#pragma once

#include <assay/tuf.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX 32768
#define FILE_MAX (INPUT_MAX + 1024)

static unsigned char scratch[ASSAY_JSON_ROOM(INPUT_MAX)];
static EVP_PKEY *keys[2];
static char keyids[2][ASSAY_TUF_HEX_SIZE];

static void
check(int good)
{
	if (!good)
		abort();
}

/* The keys of two people; the seeds are 32 times 1 and 32 times 2. */
static void
make_keys(void)
{
	static const char *const people[] = { "anna", "bea" };

	for (size_t i = 0; i < 2; i++) {
		unsigned char seed[32], public[32];
		size_t len = sizeof public;
		struct assay_pubkey ssh = { .type = ASSAY_KEY_ED25519, .ed25519 = { public, 32 } };
		struct assay_tuf_key key;
		memset(seed, (int)i + 1, sizeof seed);
		keys[i] = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof seed);
		check(keys[i] != NULL && EVP_PKEY_get_raw_public_key(keys[i], public, &len) == 1);
		check(assay_tuf_key_from_ssh(&ssh, assay_span_str(people[i]), assay_span_str(""), &key, NULL) == ASSAY_OK);
		memcpy(keyids[i], key.keyid, sizeof key.keyid);
	}
}

static void
sign(EVP_PKEY *key, struct assay_span payload, char hex[129])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char signature[64];
	size_t len = sizeof signature;

	check(EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1);
	check(EVP_DigestSign(ctx, signature, &len, payload.data, payload.len) == 1);
	EVP_MD_CTX_free(ctx);
	for (size_t i = 0; i < 64; i++)
		snprintf(hex + 2 * i, 3, "%02x", signature[i]);
}

/* A payload as a file, in out, signed by both; what isn't JSON stays as it is. */
static struct assay_span
file_of(char kind, struct assay_span payload, unsigned char out[FILE_MAX])
{
	char hex[2][129];
	struct assay_span canonical;

	if (kind == '!' || assay_json_canonical(payload, scratch, sizeof scratch, &canonical, NULL) != ASSAY_OK) {
		memcpy(out, payload.data, payload.len);
		return (struct assay_span) { out, payload.len };
	}
	for (size_t i = 0; i < 2; i++)
		sign(keys[i], canonical, hex[i]);
	int len = snprintf((char *)out, FILE_MAX,
	    "{\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"%s\"},{\"keyid\":\"%s\",\"sig\":\"%s\"}],\"signed\":%.*s}", keyids[0], hex[0],
	    keyids[1], hex[1], (int)payload.len, (const char *)payload.data);
	check(len > 0 && len < FILE_MAX);
	return (struct assay_span) { out, (size_t)len };
}

/* Cuts a line off. */
static bool
next_line(struct assay_span *from, char *ret_kind, struct assay_span *ret_payload)
{
	if (from->len == 0)
		return false;
	const unsigned char *lf = memchr(from->data, '\n', from->len);
	size_t len = lf == NULL ? from->len : (size_t)(lf - from->data);
	*ret_kind = len == 0 ? '\0' : (char)from->data[0];
	*ret_payload = (struct assay_span) { from->data + (len > 0), len - (len > 0) };
	from->data += len + (lf != NULL);
	from->len -= len + (lf != NULL);
	return true;
}
