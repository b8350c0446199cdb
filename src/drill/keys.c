/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ed25519 keys of people who don't exist. They live in memory for one drill, and sign nothing that anybody trusts.
 */
#include "inside.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <trust/metadata.h>

#define KEYS 6
#define SIGNED_MAX ((size_t)1 << 20)

struct drill_keys {
	struct one {
		char letter;
		EVP_PKEY *pair;
		json_t *object;
		char id[ASSAY_TUF_HEX_SIZE];
	} keys[KEYS];
};

static const struct {
	char letter;
	const char *person;
} people[KEYS] = { { 'a', "anna" }, { 'A', "anna" }, { 'b', "bea" }, { 'c', "carl" }, { 'r', "rita" }, { 'x', "xenia" } };

static enum assay_status
make_key(struct one *key, char letter, const char *person, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(SIGNED_MAX);
	unsigned char raw[32], digest[ASSAY_SHA256_SIZE];
	char hex[65];
	size_t len = sizeof raw;
	key->letter = letter;
	key->pair = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	if (key->pair == NULL || EVP_PKEY_get_raw_public_key(key->pair, raw, &len) != 1 || len != sizeof raw)
		return assay_fail(err, ASSAY_E_SYSTEM, "libcrypto makes no Ed25519 key");
	text_hex((struct assay_span){ raw, sizeof raw }, hex);
	key->object = json_pack("{s:s, s:s, s:{s:s}, s:s}", "keytype", "ed25519", "scheme", "ed25519", "keyval", "public", hex,
	    "x-assay-person", person);
	if (key->object == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for keys");
	TRY(trust_canonical(key->object, &bytes, err));
	TRY(assay_sha256(buf_span(&bytes), digest));
	text_hex((struct assay_span){ digest, sizeof digest }, key->id);
	return ASSAY_OK;
}

enum assay_status
drill_keys_new(struct drill_keys **ret_keys, struct assay_error *err)
{
	CLEANUP(drill_keys_free) struct drill_keys *keys = calloc(1, sizeof *keys);
	if (keys == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for keys");
	for (size_t i = 0; i < KEYS; i++)
		TRY(make_key(&keys->keys[i], people[i].letter, people[i].person, err));
	*ret_keys = steal(&keys);
	return ASSAY_OK;
}

void
drill_keys_free(struct drill_keys **keys)
{
	for (size_t i = 0; *keys != NULL && i < KEYS; i++) {
		EVP_PKEY_free((*keys)->keys[i].pair);
		json_decref((*keys)->keys[i].object);
	}
	free(*keys);
	*keys = NULL;
}

static const struct one *
find(const struct drill_keys *keys, char letter)
{
	for (size_t i = 0; i < KEYS; i++) {
		if (keys->keys[i].letter == letter)
			return &keys->keys[i];
	}
	return &keys->keys[KEYS - 1];
}

const char *
drill_key_id(const struct drill_keys *keys, char letter)
{
	return find(keys, letter)->id;
}

json_t *
drill_key_object(const struct drill_keys *keys, char letter)
{
	return find(keys, letter)->object;
}

static bool
sign_one(const struct one *key, struct assay_span message, json_t *signatures)
{
	unsigned char raw[64];
	char hex[129];
	size_t len = sizeof raw;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const bool done = ctx != NULL && EVP_DigestSignInit_ex(ctx, NULL, NULL, NULL, NULL, key->pair, NULL) == 1 &&
	    EVP_DigestSign(ctx, raw, &len, message.data, message.len) == 1 && len == sizeof raw;
	EVP_MD_CTX_free(ctx);
	if (!done)
		return false;
	text_hex((struct assay_span){ raw, sizeof raw }, hex);
	return json_array_append_new(signatures, json_pack("{s:s, s:s}", "keyid", key->id, "sig", hex)) == 0;
}

json_t *
drill_sign(const struct drill_keys *keys, json_t *payload, const char *letters)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(SIGNED_MAX);
	CLEANUP(canon_unref) json_t *signatures = json_array();
	CLEANUP(canon_unref) json_t *own = payload;
	struct assay_error unsaid = { 0 };
	if (own == NULL || signatures == NULL || trust_canonical(own, &bytes, &unsaid) != ASSAY_OK)
		return NULL;
	for (const char *c = letters; *c != '\0'; c++) {
		if (!sign_one(find(keys, *c), buf_span(&bytes), signatures))
			return NULL;
	}
	return json_pack("{s:O, s:O}", "signatures", signatures, "signed", own);
}
