/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds libassay against published vectors: "vectors wycheproof FILE..." and "vectors merkle FILE...".
 * Prints each case that came out other than labelled; the last line counts.
 */
#include <assay/base64.h>
#include <assay/merkle.h>
#include <assay/sshkey.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends.h"
#include "vectors_tuf.h"

#define BYTES_MAX 16384

struct bytes {
	unsigned char data[BYTES_MAX];
	size_t len;
};

struct counts {
	unsigned passed, failed, skipped;
};

/* What a file's cases are about. */
struct scheme {
	const char *type; /* of a group */
	const char *curve; /* ECDSA */
	const char *sha;
	const char *tuf; /* scheme of TUF metadata, or NULL */
	bool (*verify)(const struct backend *backend, const struct scheme *scheme, const json_t *group, const json_t *test,
	    const char **ret_note);
	enum crypto_curve curve_id;
	enum assay_hash hash;
	size_t hash_size;
};

static struct assay_span
span_of(const struct bytes *b)
{
	return (struct assay_span) { b->data, b->len };
}

static bool
unhex(const json_t *value, struct bytes *out)
{
	const char *text = json_string_value(value);

	out->len = 0;
	if (text == NULL || strlen(text) % 2 != 0 || strlen(text) / 2 > BYTES_MAX)
		return false;
	for (; *text != '\0'; text += 2) {
		unsigned byte;
		if (sscanf(text, "%2x", &byte) != 1)
			return false;
		out->data[out->len++] = (unsigned char)byte;
	}
	return true;
}

static void
put(struct bytes *out, const void *data, size_t len)
{
	if (len > BYTES_MAX - out->len) {
		fprintf(stderr, "vectors: a case is longer than %d bytes\n", BYTES_MAX);
		exit(1);
	}
	memcpy(out->data + out->len, data, len);
	out->len += len;
}

static void
put_string(struct bytes *out, const void *data, size_t len)
{
	unsigned char size[4] = { (unsigned char)(len >> 24), (unsigned char)(len >> 16),
		(unsigned char)(len >> 8), (unsigned char)len };

	put(out, size, 4);
	put(out, data, len);
}

static void
put_mpint(struct bytes *out, struct assay_span magnitude)
{
	struct bytes b = { .len = 0 };

	while (magnitude.len > 0 && magnitude.data[0] == 0) {
		magnitude.data++;
		magnitude.len--;
	}
	if (magnitude.len > 0 && (magnitude.data[0] & 0x80U) != 0)
		put(&b, "", 1);
	put(&b, magnitude.data, magnitude.len);
	put_string(out, b.data, b.len);
}

/* Through the public door: a key blob, a signature blob, a message. */
static bool
accepts(const struct backend *backend, const struct bytes *key_blob, const struct bytes *signature_blob,
    const struct bytes *message)
{
	struct assay_pubkey key;

	return backend->pubkey_parse(span_of(key_blob), &key, NULL) == ASSAY_OK &&
	    backend->pubkey_verify(&key, span_of(signature_blob), span_of(message), NULL, NULL) == ASSAY_OK;
}

static bool
verify_ed25519(const struct backend *backend, const struct scheme *scheme, const json_t *group, const json_t *test,
    const char **ret_note)
{
	static const char name[] = "ssh-ed25519";
	struct bytes pk, msg, sig, key_blob = { .len = 0 }, sig_blob = { .len = 0 };

	(void)scheme;
	if (!unhex(json_object_get(json_object_get(group, "publicKey"), "pk"), &pk) ||
	    !unhex(json_object_get(test, "msg"), &msg) || !unhex(json_object_get(test, "sig"), &sig)) {
		*ret_note = "unreadable case";
		return false;
	}
	put_string(&key_blob, name, sizeof name - 1);
	put_string(&key_blob, pk.data, pk.len);
	put_string(&sig_blob, name, sizeof name - 1);
	put_string(&sig_blob, sig.data, sig.len);
	bool ours = accepts(backend, &key_blob, &sig_blob, &msg);
	const char *hex = json_string_value(json_object_get(json_object_get(group, "publicKey"), "pk"));
	if ((tuf_door(backend, "ed25519", "ed25519", hex, span_of(&sig), span_of(&msg)) == TUF_DOOR_ACCEPTS) != ours)
		*ret_note = "a key of SSH and one of TUF disagree";
	return ours;
}

/* One strict DER INTEGER, not negative, in shortest form. */
static bool
der_integer(struct assay_span *from, struct assay_span *ret_value)
{
	struct assay_span f = *from;

	if (f.len < 3 || f.data[0] != 0x02 || f.data[1] > 127 || f.data[1] == 0 ||
	    f.len - 2 < f.data[1] || (f.data[2] & 0x80U) != 0)
		return false;
	if (f.data[2] == 0 && f.data[1] > 1 && (f.data[3] & 0x80U) == 0)
		return false;
	*ret_value = (struct assay_span) { f.data + 2, f.data[1] };
	*from = (struct assay_span) { f.data + 2 + f.data[1], f.len - 2 - f.data[1] };
	return true;
}

/* A reader of the test's own, so that the two doors can be held against each other. */
static bool
der_signature(struct assay_span der, struct assay_span *r, struct assay_span *s)
{
	size_t header = 2;

	if (der.len < 2 || der.data[0] != 0x30)
		return false;
	size_t len = der.data[1];
	if (len == 0x81 && der.len > 2 && der.data[2] > 127) {
		len = der.data[2];
		header = 3;
	} else if (len > 127) {
		return false;
	}
	if (der.len - header != len)
		return false;
	struct assay_span body = { der.data + header, len };
	return der_integer(&body, r) && der_integer(&body, s) && body.len == 0;
}

/* Through SSH's door, with r and s by themselves. */
static bool
accepts_numbers(const struct backend *backend, const struct scheme *scheme, const struct bytes *point,
    struct assay_span r, struct assay_span s, const struct bytes *msg)
{
	const char *ssh_curve = scheme->curve_id == CRYPTO_P256 ? "nistp256" : "nistp384";
	char name[32];
	struct bytes key_blob = { .len = 0 }, sig_blob = { .len = 0 }, two = { .len = 0 };

	snprintf(name, sizeof name, "ecdsa-sha2-%s", ssh_curve);
	put_string(&key_blob, name, strlen(name));
	put_string(&key_blob, ssh_curve, strlen(ssh_curve));
	put_string(&key_blob, point->data, point->len);
	put_mpint(&two, r);
	put_mpint(&two, s);
	put_string(&sig_blob, name, strlen(name));
	put_string(&sig_blob, two.data, two.len);
	return accepts(backend, &key_blob, &sig_blob, msg);
}

/* TUF carries DER as it is: what is wrong in it has to be seen by the library itself. */
static bool
verify_ecdsa(const struct backend *backend, const struct scheme *scheme, const json_t *group, const json_t *test,
    const char **ret_note)
{
	struct bytes point, msg, sig;
	struct assay_span r, s;

	if (!unhex(json_object_get(json_object_get(group, "publicKey"), "uncompressed"), &point) ||
	    !unhex(json_object_get(test, "msg"), &msg) || !unhex(json_object_get(test, "sig"), &sig)) {
		*ret_note = "unreadable case";
		return false;
	}
	bool ours = tuf_door(backend, "ecdsa", scheme->tuf, json_string_value(json_object_get(group, "publicKeyPem")), span_of(&sig),
	                span_of(&msg)) == TUF_DOOR_ACCEPTS;
	if (der_signature(span_of(&sig), &r, &s) && accepts_numbers(backend, scheme, &point, r, s, &msg) != ours)
		*ret_note = "a key of SSH and one of TUF disagree";
	return ours;
}

/* r and s one after the other, each as long as the group's order (IEEE P1363). */
static bool
verify_p1363(const struct backend *backend, const struct scheme *scheme, const json_t *group, const json_t *test,
    const char **ret_note)
{
	size_t half = scheme->curve_id == CRYPTO_P256 ? 32 : 48;
	struct bytes point, msg, sig;

	if (!unhex(json_object_get(json_object_get(group, "publicKey"), "uncompressed"), &point) ||
	    !unhex(json_object_get(test, "msg"), &msg) || !unhex(json_object_get(test, "sig"), &sig)) {
		*ret_note = "unreadable case";
		return false;
	}
	if (sig.len != 2 * half)
		return false;
	struct assay_span r = { sig.data, half }, s = { sig.data + half, half };
	return accepts_numbers(backend, scheme, &point, r, s, &msg);
}

static bool
verify_pss(const struct backend *backend, const struct scheme *scheme, const json_t *group, const json_t *test,
    const char **ret_note)
{
	struct bytes msg, sig;

	if (!unhex(json_object_get(test, "msg"), &msg) || !unhex(json_object_get(test, "sig"), &sig) ||
	    json_integer_value(json_object_get(group, "sLen")) != (json_int_t)scheme->hash_size) {
		*ret_note = "unreadable case, or with another length of salt than the one that is verified";
		return false;
	}
	enum tuf_door door = tuf_door(backend, "rsa", scheme->tuf, json_string_value(json_object_get(group, "publicKeyPem")),
	    span_of(&sig), span_of(&msg));
	if (door == TUF_DOOR_REFUSES_KEY)
		*ret_note = "the key is refused";
	return door == TUF_DOOR_ACCEPTS;
}

static bool
verify_rsa(const struct backend *backend, const struct scheme *scheme, const json_t *group, const json_t *test,
    const char **ret_note)
{
	const char *name = scheme->hash == ASSAY_SHA256 ? "rsa-sha2-256" : "rsa-sha2-512";
	const json_t *public_key = json_object_get(group, "publicKey");
	struct bytes n, e, msg, sig, key_blob = { .len = 0 }, sig_blob = { .len = 0 };
	unsigned char digest[ASSAY_SHA512_SIZE];
	struct assay_pubkey key;

	if (!unhex(json_object_get(public_key, "modulus"), &n) ||
	    !unhex(json_object_get(public_key, "publicExponent"), &e) ||
	    !unhex(json_object_get(test, "msg"), &msg) || !unhex(json_object_get(test, "sig"), &sig)) {
		*ret_note = "unreadable case";
		return false;
	}
	put_string(&key_blob, "ssh-rsa", 7);
	put_mpint(&key_blob, span_of(&e));
	put_mpint(&key_blob, span_of(&n));
	put_string(&sig_blob, name, strlen(name));
	put_string(&sig_blob, sig.data, sig.len);
	struct assay_span message = span_of(&msg);
	if (backend->pubkey_parse(span_of(&key_blob), &key, NULL) != ASSAY_OK ||
	    crypto_hash_parts(scheme->hash, &message, 1, digest) != ASSAY_OK) {
		*ret_note = "unreadable key";
		return false;
	}
	bool primitive = backend->rsa_verify(CRYPTO_PKCS1, scheme->hash, key.rsa_n, key.rsa_e, span_of(&sig),
	                     (struct assay_span) { digest, scheme->hash_size }) == ASSAY_OK;
	bool door = accepts(backend, &key_blob, &sig_blob, &msg);
	/* docs/crypto-decisions.md: a key that enrolment refuses. */
	bool expected = primitive && backend->pubkey_weakness(&key) == NULL;
	if (door != expected)
		*ret_note = "the primitive and assay_pubkey_verify disagree";
	return primitive;
}

static const struct scheme schemes[] = {
	{ "EddsaVerify", NULL, NULL, "ed25519", verify_ed25519, CRYPTO_P256, ASSAY_SHA512, 64 },
	{ "EcdsaVerify", "secp256r1", "SHA-256", "ecdsa-sha2-nistp256", verify_ecdsa, CRYPTO_P256, ASSAY_SHA256, 32 },
	{ "EcdsaVerify", "secp384r1", "SHA-384", "ecdsa-sha2-nistp384", verify_ecdsa, CRYPTO_P384, ASSAY_SHA384, 48 },
	{ "EcdsaP1363Verify", "secp256r1", "SHA-256", NULL, verify_p1363, CRYPTO_P256, ASSAY_SHA256, 32 },
	{ "EcdsaP1363Verify", "secp384r1", "SHA-384", NULL, verify_p1363, CRYPTO_P384, ASSAY_SHA384, 48 },
	{ "RsassaPkcs1Verify", NULL, "SHA-256", NULL, verify_rsa, CRYPTO_P256, ASSAY_SHA256, 32 },
	{ "RsassaPkcs1Verify", NULL, "SHA-512", NULL, verify_rsa, CRYPTO_P256, ASSAY_SHA512, 64 },
	{ "RsassaPssVerify", NULL, "SHA-256", "rsassa-pss-sha256", verify_pss, CRYPTO_P256, ASSAY_SHA256, 32 },
	{ "RsassaPssVerify", NULL, "SHA-384", "rsassa-pss-sha384", verify_pss, CRYPTO_P256, ASSAY_SHA384, 48 },
};

static bool
is(const char *wanted, const json_t *value)
{
	return wanted == NULL || (json_is_string(value) && strcmp(json_string_value(value), wanted) == 0);
}

static const struct scheme *
scheme_for(const json_t *group)
{
	const json_t *curve = json_object_get(json_object_get(group, "publicKey"), "curve");

	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		if (is(schemes[i].type, json_object_get(group, "type")) && is(schemes[i].curve, curve) &&
		    is(schemes[i].sha, json_object_get(group, "sha")))
			return &schemes[i];
	}
	return NULL;
}

/*
 * The one class of "acceptable" cases and the decision on it (docs/crypto-decisions.md): an RSA signature
 * whose DigestInfo lacks the NULL parameters is refused.
 */
static bool
decided(const json_t *test, bool *ret_accept)
{
	const json_t *flags = json_object_get(test, "flags");

	if (json_array_size(flags) != 1 || !is("MissingNull", json_array_get(flags, 0)))
		return false;
	*ret_accept = false;
	return true;
}

static void
wycheproof_case(const char *path, const struct scheme *scheme, const json_t *group,
    const json_t *test, struct counts *counts)
{
	const char *label = json_string_value(json_object_get(test, "result"));
	const char *note = NULL;
	bool want = label != NULL && strcmp(label, "valid") == 0;

	if (label != NULL && strcmp(label, "acceptable") == 0 && !decided(test, &want))
		note = "an acceptable case without a decision";
	bool got = scheme->verify(&backend_libcrypto, scheme, group, test, &note);
	if (scheme->verify(&backend_small, scheme, group, test, &note) != got)
		note = "libcrypto and the small backend disagree";
	if (got == want && note == NULL) {
		counts->passed++;
		return;
	}
	counts->failed++;
	printf("%s: case %" JSON_INTEGER_FORMAT " (%s), labelled %s, was %s%s%s\n", path,
	    json_integer_value(json_object_get(test, "tcId")),
	    json_string_value(json_object_get(test, "comment")), label, got ? "accepted" : "rejected",
	    note == NULL ? "" : ": ", note == NULL ? "" : note);
}

static void
wycheproof_file(const char *path, const json_t *root, struct counts *counts)
{
	const char *algorithm = json_string_value(json_object_get(root, "algorithm"));
	size_t i, k;
	json_t *group, *test;
	json_int_t seen = 0;

	json_array_foreach(json_object_get(root, "testGroups"), i, group)
	{
		const struct scheme *scheme = scheme_for(group);
		json_array_foreach(json_object_get(group, "tests"), k, test)
		{
			seen++;
			if (scheme != NULL) {
				wycheproof_case(path, scheme, group, test, counts);
			} else {
				counts->failed++;
				printf("%s: no scheme for a group of '%s'\n", path, algorithm);
			}
		}
	}
	if (seen == 0 || seen != json_integer_value(json_object_get(root, "numberOfTests"))) {
		counts->failed++;
		printf("%s: %" JSON_INTEGER_FORMAT " cases seen, not as many as it says\n", path, seen);
	}
}

/* Decodes a hash. One of another length keeps its identity, and no more: *ret_odd is set. */
static bool
read_node(const json_t *value, struct assay_node *ret_node, bool *ret_odd)
{
	unsigned char bytes[64];
	const char *text = json_is_null(value) || value == NULL ? "" : json_string_value(value);
	size_t len;

	if (text == NULL || assay_base64_decode(assay_span_str(text), bytes, sizeof bytes, &len) != ASSAY_OK)
		return false;
	if (len == sizeof ret_node->b) {
		memcpy(ret_node->b, bytes, len);
		return true;
	}
	*ret_odd = true;
	return assay_sha256((struct assay_span) { bytes, len }, ret_node->b) == ASSAY_OK;
}

/* Sizes come as reals, because 2^64 - 1 is among them and jansson's integers end before it. */
static bool
read_size(const json_t *value, uint64_t *ret_size)
{
	double number = json_real_value(value);

	if (!json_is_real(value) || number < 0)
		return false;
	*ret_size = number >= 18446744073709551615.0 ? UINT64_MAX : (uint64_t)number;
	return number < 9007199254740992.0 || number >= 18446744073709551615.0;
}

struct proof {
	struct assay_node nodes[128];
	size_t len;
	bool odd;
};

static bool
read_proof(const json_t *value, struct proof *ret_proof)
{
	size_t i;
	json_t *item;

	ret_proof->len = 0;
	json_array_foreach((json_t *)(uintptr_t)value, i, item)
	{
		if (i >= 128 || !read_node(item, &ret_proof->nodes[i], &ret_proof->odd))
			return false;
		ret_proof->len++;
	}
	return true;
}

/* False when the case can't be read; ret_good: the proof holds. */
static bool
merkle_case(const json_t *root, bool *ret_good)
{
	struct proof proof = { .odd = false };
	struct assay_node a, b;
	uint64_t x, y;
	bool odd = false;
	bool inclusion = json_object_get(root, "leafIdx") != NULL;

	if (!read_proof(json_object_get(root, "proof"), &proof) ||
	    !read_size(json_object_get(root, inclusion ? "leafIdx" : "size1"), &x) ||
	    !read_size(json_object_get(root, inclusion ? "treeSize" : "size2"), &y) ||
	    !read_node(json_object_get(root, inclusion ? "leafHash" : "root1"), &a, &odd) ||
	    !read_node(json_object_get(root, inclusion ? "root" : "root2"), &b, &odd))
		return false;
	if (inclusion)
		*ret_good = !odd && !proof.odd &&
		    assay_merkle_verify_inclusion(x, y, &a, proof.nodes, proof.len, &b) == ASSAY_OK;
	else
		*ret_good = !proof.odd &&
		    assay_merkle_verify_consistency(x, y, proof.nodes, proof.len, &a, &b) == ASSAY_OK;
	return true;
}

static void
merkle_file(const char *path, const json_t *root, struct counts *counts)
{
	bool want = json_is_false(json_object_get(root, "wantErr"));
	bool good = false;
	bool readable = merkle_case(root, &good);

	if (readable && good == want) {
		counts->passed++;
		return;
	}
	counts->failed++;
	printf("%s: %s\n", path, !readable ? "can't be read" : good ? "accepted" : "rejected");
}

int
main(int argc, char **argv)
{
	struct counts counts = { 0, 0, 0 };

	if (argc < 3 || (strcmp(argv[1], "wycheproof") != 0 && strcmp(argv[1], "merkle") != 0)) {
		fprintf(stderr, "usage: vectors wycheproof|merkle FILE...\n");
		return 2;
	}
	bool merkle = strcmp(argv[1], "merkle") == 0;
	for (int i = 2; i < argc; i++) {
		json_error_t error;
		json_t *root = json_load_file(argv[i], merkle ? JSON_DECODE_INT_AS_REAL : 0, &error);
		if (root == NULL) {
			counts.failed++;
			printf("%s: %s\n", argv[i], error.text);
			continue;
		}
		if (merkle)
			merkle_file(argv[i], root, &counts);
		else
			wycheproof_file(argv[i], root, &counts);
		json_decref(root);
	}
	printf("%u passed, %u failed, %u skipped\n", counts.passed, counts.failed, counts.skipped);
	return counts.failed == 0 ? 0 : 1;
}
