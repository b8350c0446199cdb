/* SPDX-License-Identifier: Apache-2.0 */
#include "tufmake.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
must(int good, const char *what)
{
	if (!good) {
		fprintf(stderr, "tufmake: %s failed\n", what);
		exit(1);
	}
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void write_value(FILE *out, const json_t *value);

static void
write_text(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void
write_object(FILE *out, const json_t *value)
{
	size_t count = json_object_size(value), i = 0;
	const char **names = calloc(count + 1, sizeof *names);
	void *iter = json_object_iter((json_t *)(uintptr_t)value);

	must(names != NULL, "calloc");
	for (; iter != NULL; iter = json_object_iter_next((json_t *)(uintptr_t)value, iter))
		names[i++] = json_object_iter_key(iter);
	qsort(names, count, sizeof *names, by_bytes);
	fputc('{', out);
	for (i = 0; i < count; i++) {
		if (i > 0)
			fputc(',', out);
		write_text(out, names[i]);
		fputc(':', out);
		write_value(out, json_object_get(value, names[i]));
	}
	fputc('}', out);
	free(names);
}

static void
write_value(FILE *out, const json_t *value)
{
	if (json_is_object(value)) {
		write_object(out, value);
	} else if (json_is_array(value)) {
		fputc('[', out);
		for (size_t i = 0; i < json_array_size(value); i++) {
			if (i > 0)
				fputc(',', out);
			write_value(out, json_array_get(value, i));
		}
		fputc(']', out);
	} else if (json_is_string(value)) {
		write_text(out, json_string_value(value));
	} else if (json_is_integer(value)) {
		fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	} else {
		must(json_is_boolean(value) || json_is_null(value), "canonical JSON of a real number");
		fputs(json_is_true(value) ? "true" : json_is_false(value) ? "false" : "null", out);
	}
}

char *
tufmake_canonical(const json_t *value, size_t *ret_len)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	must(out != NULL, "open_memstream");
	write_value(out, value);
	must(fclose(out) == 0, "fclose");
	if (ret_len != NULL)
		*ret_len = len;
	return text;
}

static void
put_hex(const unsigned char *bytes, size_t len, char *ret_hex)
{
	for (size_t i = 0; i < len; i++)
		snprintf(ret_hex + 2 * i, 3, "%02x", bytes[i]);
}

void
tufmake_hash(const char *name, const void *data, size_t len, char *ret_hex)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	must(EVP_Digest(data, len, digest, &size, EVP_get_digestbyname(name), NULL) == 1, "EVP_Digest");
	put_hex(digest, size, ret_hex);
}

void
tufmake_rename(struct tufmake_key *key)
{
	size_t len;
	char *text = tufmake_canonical(key->object, &len);

	tufmake_hash("SHA256", text, len, key->keyid);
	free(text);
}

static json_t *
public_part(EVP_PKEY *pkey, const char *hash)
{
	char text[8192] = "";

	if (hash == NULL) {
		unsigned char raw[32];
		size_t len = sizeof raw;
		must(EVP_PKEY_get_raw_public_key(pkey, raw, &len) == 1, "EVP_PKEY_get_raw_public_key");
		put_hex(raw, len, text);
	} else {
		BIO *bio = BIO_new(BIO_s_mem());
		must(PEM_write_bio_PUBKEY(bio, pkey) == 1 && BIO_read(bio, text, sizeof text - 1) > 0, "PEM");
		BIO_free(bio);
	}
	return json_string(text);
}

static struct tufmake_key *
wrap(EVP_PKEY *pkey, const char *type, const char *scheme, const char *hash, const char *person,
    const char *title)
{
	struct tufmake_key *key = calloc(1, sizeof *key);

	must(key != NULL && pkey != NULL, "making a key");
	key->pkey = pkey;
	key->scheme = scheme;
	key->hash = hash;
	key->object = json_pack("{s:s, s:s, s:{s:o}}", "keytype", type, "scheme", scheme, "keyval", "public",
	    public_part(pkey, hash));
	if (person != NULL)
		json_object_set_new(key->object, "x-assay-person", json_string(person));
	if (title != NULL)
		json_object_set_new(key->object, "x-assay-role", json_string(title));
	tufmake_rename(key);
	return key;
}

struct tufmake_key *
tufmake_key(const char *kind, const char *person, const char *title)
{
	if (strcmp(kind, "ed25519") == 0)
		return wrap(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), "ed25519", "ed25519", NULL, person, title);
	if (strcmp(kind, "p256") == 0)
		return wrap(EVP_EC_gen("P-256"), "ecdsa", "ecdsa-sha2-nistp256", "SHA256", person, title);
	if (strcmp(kind, "p384") == 0)
		return wrap(EVP_EC_gen("P-384"), "ecdsa", "ecdsa-sha2-nistp384", "SHA384", person, title);
	if (strcmp(kind, "rsa2048-sha384") == 0)
		return wrap(EVP_RSA_gen(2048), "rsa", "rsassa-pss-sha384", "SHA384", person, title);
	return wrap(EVP_RSA_gen(strcmp(kind, "rsa1024") == 0 ? 1024 : 2048), "rsa", "rsassa-pss-sha256", "SHA256",
	    person, title);
}

struct tufmake_key *
tufmake_key_again(const struct tufmake_key *key, const char *person, const char *title)
{
	must(EVP_PKEY_up_ref(key->pkey) == 1, "EVP_PKEY_up_ref");
	return wrap(key->pkey, json_string_value(json_object_get(key->object, "keytype")), key->scheme, key->hash, person,
	    title);
}

void
tufmake_key_free(struct tufmake_key *key)
{
	EVP_PKEY_free(key->pkey);
	json_decref(key->object);
	free(key);
}

char *
tufmake_sign(const struct tufmake_key *key, const void *data, size_t len, int salt)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *inner = NULL;
	unsigned char out[2048];
	size_t out_len = sizeof out;

	must(EVP_DigestSignInit(ctx, &inner, key->hash == NULL ? NULL : EVP_get_digestbyname(key->hash), NULL,
	         key->pkey) == 1,
	    "EVP_DigestSignInit");
	if (EVP_PKEY_get_base_id(key->pkey) == EVP_PKEY_RSA)
		must(EVP_PKEY_CTX_set_rsa_padding(inner, RSA_PKCS1_PSS_PADDING) == 1 &&
		        EVP_PKEY_CTX_set_rsa_pss_saltlen(inner, salt) == 1,
		    "PSS");
	must(EVP_DigestSign(ctx, out, &out_len, data, len) == 1, "EVP_DigestSign");
	EVP_MD_CTX_free(ctx);
	char *hex = calloc(1, 2 * out_len + 1);
	must(hex != NULL, "calloc");
	put_hex(out, out_len, hex);
	return hex;
}

json_t *
tufmake_envelope(json_t *payload, struct tufmake_key *const *signers, size_t count)
{
	size_t len;
	char *text = tufmake_canonical(payload, &len);
	json_t *signatures = json_array();

	for (size_t i = 0; i < count; i++) {
		char *hex = tufmake_sign(signers[i], text, len, -1);
		json_array_append_new(signatures, json_pack("{s:s, s:s}", "keyid", signers[i]->keyid, "sig", hex));
		free(hex);
	}
	free(text);
	return json_pack("{s:O, s:o}", "signed", payload, "signatures", signatures);
}
