/* SPDX-License-Identifier: Apache-2.0 */
/* Cases made for one purpose each. The classes are those of docs/crypto-decisions.md. */
#include "sshforge.h"

#include <assay/base64.h>
#include <assay/hash.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct blob binary, field;

static struct test_sig
sound(const struct test_key *key)
{
	return (struct test_sig) { .key = key, .name_space = "git", .hash = "sha512", .reserved = "",
		.version = 1, .style = { .flags = 1 }, .message = assay_span_str(messages[0]) };
}

static void
put(const struct test_sig *sig, const char *class_name, const char *about)
{
	struct forged how = { .about = about, .class_name = class_name, .name_space = sig->name_space };

	test_sshsig(sig, &binary);
	forge_binary(&how, &binary);
}

static void
forge_headers(const struct test_key *key)
{
	char name_space[300];
	struct test_sig sig = sound(key);

	sig.version = 0;
	put(&sig, "version-0", "version 0");
	sig.version = 2;
	put(&sig, "-", "version 2");
	sig = sound(key);
	sig.reserved = "x";
	put(&sig, "reserved-in-use", "a byte in the reserved field");
	memset(name_space, 'n', sizeof name_space);
	name_space[299] = '\0';
	sig = sound(key);
	sig.name_space = name_space;
	put(&sig, "long-namespace", "a namespace of 299 bytes");
	name_space[256] = '\0';
	put(&sig, "-", "a namespace of 256 bytes");
}

static void
forge_numbers(const struct test_key *ecdsa, const struct test_key *sk, const struct test_key *rsa)
{
	const struct test_key *const all[] = { ecdsa, sk, rsa };

	for (size_t i = 0; i < 3; i++) {
		struct test_sig sig = sound(all[i]);
		sig.style.zeros = 1;
		put(&sig, "mpint-not-shortest", "a number with a zero byte too many");
	}
}

static void
forge_flags(const struct test_key *sk)
{
	for (unsigned flags = 0; flags < 256; flags += 5) {
		struct test_sig sig = sound(sk);
		sig.style.flags = (uint8_t)flags;
		sig.style.counter = flags << 24;
		put(&sig, "-", "flags of a security key");
	}
}

static void
forge_rsa(const struct test_key *rsa)
{
	static const char *const algorithms[] = { "ssh-rsa", "rsa-sha2-256", "rsa-sha2-512", "ssh-ed25519",
		"rsa-sha2-512-cert-v01@openssh.com", "" };
	struct test_sig sig = sound(rsa);

	for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
		sig.style.algorithm = algorithms[i];
		put(&sig, "-", "an RSA signature under another name");
	}
	/* About one signature in 256 begins with a zero byte: a namespace of its own for each try. */
	for (unsigned i = 0, found = 0; i < 4000 && found < 3; i++) {
		char name_space[32];
		size_t whole;

		snprintf(name_space, sizeof name_space, "git-%u", i);
		sig = sound(rsa);
		sig.name_space = name_space;
		test_sshsig(&sig, &binary);
		whole = binary.len;
		sig.style.strip_zeros = true;
		test_sshsig(&sig, &binary);
		if (binary.len == whole)
			continue;
		put(&sig, "-", "an RSA signature without its leading zero");
		found++;
	}
}

static void
forge_weak_rsa(void)
{
	struct test_key key = test_key_make(ASSAY_KEY_RSA, 1024);
	struct test_sig sig = sound(&key);

	put(&sig, "weak-rsa", "RSA of 1024 bits");
	test_key_done(&key);
	key = test_key_make(ASSAY_KEY_RSA, 2040);
	sig = sound(&key);
	put(&sig, "weak-rsa", "RSA of 2040 bits");
	test_key_done(&key);

	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	unsigned e = 3;
	size_t bits = 2048;
	OSSL_PARAM params[] = { OSSL_PARAM_construct_uint("e", &e), OSSL_PARAM_construct_size_t("bits", &bits),
		OSSL_PARAM_construct_end() };
	key.pkey = NULL;
	if (ctx == NULL || EVP_PKEY_keygen_init(ctx) != 1 || EVP_PKEY_CTX_set_params(ctx, params) != 1 ||
	    EVP_PKEY_generate(ctx, &key.pkey) != 1) {
		fprintf(stderr, "sshforge: no RSA key with e = 3\n");
		exit(3);
	}
	EVP_PKEY_CTX_free(ctx);
	sig = sound(&key);
	put(&sig, "weak-rsa", "RSA with exponent 3");
	test_key_done(&key);
}

static void
put_cert(const struct test_key *key, const struct test_key *ca, const struct test_cert *cert,
    const char *class_name, const char *about)
{
	struct test_sig sig = sound(key);

	test_cert_blob(key, ca, cert, &field);
	sig.key_field = &field;
	put(&sig, class_name, about);
}

static void
forge_certs(const struct test_key *key, const struct test_key *rsa)
{
	struct test_cert cert = test_cert_sound;

	cert.ca_style.algorithm = "rsa-sha2-256";
	put_cert(key, rsa, &cert, "-", "certificate by an RSA CA with SHA-256");
	cert.ca_style.algorithm = "ssh-rsa";
	put_cert(key, rsa, &cert, "sha1-ca", "certificate by an RSA CA with SHA-1");
	cert = test_cert_sound;
	cert.type = 2;
	put_cert(key, key, &cert, "-", "certificate for a host");
	cert.type = 3;
	put_cert(key, key, &cert, "-", "certificate for neither user nor host");
	cert = test_cert_sound;
	cert.valid_before = 1;
	put_cert(key, key, &cert, "-", "certificate out of its time, which nobody asked for");
	cert = test_cert_sound;
	cert.reserved = "x";
	put_cert(key, key, &cert, "cert-reserved", "certificate with its reserved field in use");
	cert = test_cert_sound;
	cert.extensions[0] = "permit-pty";
	cert.extensions[1] = "permit-agent-forwarding";
	put_cert(key, key, &cert, "cert-options", "certificate with extensions out of order");
	cert.extensions[1] = "permit-pty";
	put_cert(key, key, &cert, "cert-options", "certificate with an extension twice");
	cert = test_cert_sound;
	cert.principals[1] = "";
	put_cert(key, key, &cert, "cert-principals", "certificate with an empty principal");
	cert = test_cert_sound;
	cert.options[0] = "unknown-option";
	put_cert(key, key, &cert, "-", "certificate with a critical option nobody knows");
}

/* A with one S of our choice: where A is the identity, R = [S]B fits every message. */
static void
forge_identity(const unsigned char point[32], const char *about)
{
	static const unsigned char s[32] = { 5 };
	static struct blob key, value, part;
	unsigned char r[32];
	struct forged how = { .about = about, .class_name = "ed25519-strict", .name_space = "git" };

	if (crypto_scalarmult_ed25519_base_noclamp(r, s) != 0)
		exit(3);
	key.len = value.len = part.len = binary.len = 0;
	blob_put_text(&key, "ssh-ed25519");
	blob_put_string(&key, point, 32);
	blob_put(&part, r, 32);
	blob_put(&part, s, 32);
	blob_put_text(&value, "ssh-ed25519");
	blob_put_string(&value, part.data, part.len);
	blob_put(&binary, "SSHSIG", 6);
	blob_put_u32(&binary, 1);
	blob_put_string(&binary, key.data, key.len);
	blob_put_text(&binary, "git");
	blob_put_text(&binary, "");
	blob_put_text(&binary, "sha512");
	blob_put_string(&binary, value.data, value.len);
	forge_binary(&how, &binary);
}

static void
forge_ed25519(const struct test_key *key, const struct test_key *sk)
{
	unsigned char point[32] = { 1 };
	struct test_sig sig = sound(key);

	sig.style.plus_order = true;
	put(&sig, "ed25519-strict", "Ed25519 with S + L");
	sig = sound(sk);
	sig.style.plus_order = true;
	put(&sig, "ed25519-strict", "sk-ed25519 with S + L");
	forge_identity(point, "Ed25519 key that is the identity");
	point[31] = 0x80;
	forge_identity(point, "Ed25519 key that is the identity, with its sign bit");
	memset(point, 0xff, sizeof point);
	point[0] = 0xee;
	point[31] = 0x7f;
	forge_identity(point, "Ed25519 key that is the identity, written as p + 1");
}

/* Base64 for URLs without padding, as a browser writes the challenge. */
static void
put_challenge(struct assay_span data, char *out, size_t room)
{
	size_t len = 0;

	if (assay_base64_encode(data, out, room) != ASSAY_OK)
		exit(3);
	for (; out[len] != '\0' && out[len] != '='; len++)
		out[len] = out[len] == '+' ? '-' : out[len] == '/' ? '_' : out[len];
	out[len] = '\0';
}

/* PROTOCOL.u2f: the browser signs a JSON text that holds the message. */
static void
forge_webauthn(const struct test_key *sk)
{
	static const char origin[] = "https://example.org";
	static struct blob inner, token, key, raw, value;
	char challenge[400], client[600];
	unsigned char digest[ASSAY_SHA512_SIZE];
	struct forged how = { .about = "webauthn signature", .class_name = "webauthn", .name_space = "git" };
	struct test_key plain = *sk;
	struct test_style style = { 0 };

	inner.len = token.len = binary.len = value.len = 0;
	if (assay_sha512(assay_span_str(messages[0]), digest) != ASSAY_OK)
		exit(3);
	blob_put(&inner, "SSHSIG", 6);
	blob_put_text(&inner, "git");
	blob_put_text(&inner, "");
	blob_put_text(&inner, "sha512");
	blob_put_string(&inner, digest, sizeof digest);
	put_challenge(blob_span(&inner), challenge, sizeof challenge);
	snprintf(client, sizeof client,
	    "{\"type\":\"webauthn.get\",\"challenge\":\"%s\",\"origin\":\"%s\",\"crossOrigin\":false}", challenge, origin);
	if (assay_sha256(assay_span_str(sk->application), digest) != ASSAY_OK)
		exit(3);
	blob_put(&token, digest, ASSAY_SHA256_SIZE);
	blob_put_u8(&token, 1);
	blob_put_u32(&token, 3);
	if (assay_sha256(assay_span_str(client), digest) != ASSAY_OK)
		exit(3);
	blob_put(&token, digest, ASSAY_SHA256_SIZE);
	plain.type = ASSAY_KEY_ECDSA_P256;
	test_signature(&plain, &style, blob_span(&token), &raw);
	size_t skip = 4 + strlen("ecdsa-sha2-nistp256");
	blob_put_text(&value, "webauthn-sk-ecdsa-sha2-nistp256@openssh.com");
	blob_put(&value, raw.data + skip, raw.len - skip);
	blob_put_u8(&value, 1);
	blob_put_u32(&value, 3);
	blob_put_text(&value, origin);
	blob_put_text(&value, client);
	blob_put_text(&value, "");
	test_key_blob(sk, NULL, &key);
	blob_put(&binary, "SSHSIG", 6);
	blob_put_u32(&binary, 1);
	blob_put_string(&binary, key.data, key.len);
	blob_put_text(&binary, "git");
	blob_put_text(&binary, "");
	blob_put_text(&binary, "sha512");
	blob_put_string(&binary, value.data, value.len);
	forge_binary(&how, &binary);
}

/* The armor's text with what lies between from and to replaced. */
static void
put_armor(const char *class_name, const char *about, const char *text, const char *at, size_t drop,
    const char *insert)
{
	static char out[2 * BLOB_ROOM];
	struct forged how = { .about = about, .class_name = class_name, .name_space = "git" };
	int len = snprintf(out, sizeof out, "%.*s%s%s", (int)(at - text), text, insert, at + drop);

	forge_text(&how, out, (size_t)len);
}

static void
forge_widths(const struct blob *good)
{
	static const size_t widths[] = { 1, 4, 63, 64, 76, 4000 };
	static char text[4 * BLOB_ROOM];
	struct forged how = { .about = "armor of another width", .class_name = "-", .name_space = "git" };

	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		size_t len = test_armor(blob_span(good), widths[i], text, sizeof text);
		forge_text(&how, text, len);
	}
}

static void
forge_armor(const struct test_key *key)
{
	static char text[4 * BLOB_ROOM];
	struct test_sig sig = sound(key);

	test_sshsig(&sig, &binary);
	size_t len = test_armor(blob_span(&binary), 70, text, sizeof text);
	const char *first = strchr(text, '\n') + 1, *last = strstr(text, "\n-----END") + 1;
	const char *end = text + len;

	put_armor("-", "armor without its last line end", text, end - 1, 1, "");
	put_armor("-", "armor without its END line", text, last, strlen(last), "");
	put_armor("-", "armor with a foreign BEGIN line", text, text + 5, 1, "b");
	put_armor("-", "armor with a foreign END line", text, last + 5, 1, "e");
	put_armor("-", "armor without its BEGIN line", text, text, (size_t)(first - text), "");
	put_armor("-", "armor with text before", text, text, 0, "signature:\n");
	put_armor("-", "armor with an empty line before", text, text, 0, "\n");
	put_armor("-", "armor with a foreign character", text, first + 3, 1, "*");
	put_armor("-", "armor that lacks a character", text, first + 3, 1, "");
	put_armor("-", "armor with padding in its middle", text, first + 4, 1, "=");
	put_armor("-", "armor with nothing in it", text, first, (size_t)(last - first), "");
	put_armor("armor", "armor with text after", text, end, 0, "more\n");
	put_armor("armor", "armor with an empty line after", text, end, 0, "\n");
	put_armor("armor", "armor with an empty line inside", text, first, 0, "\n");
	put_armor("armor", "armor with a blank inside", text, first + 4, 0, " ");
	put_armor("armor", "armor with a blank before a line", text, first, 0, "\t");
	put_armor("armor", "armor with text after END on its line", text, end - 1, 0, " ");
	put_armor("armor", "armor twice", text, end, 0, text);
	put_armor("-", "armor with CR LF in one line", text, last - 1, 0, "\r");
	forge_widths(&binary);
}

void
forge_special(void)
{
	struct test_key ed25519 = test_key_make(ASSAY_KEY_ED25519, 0);
	struct test_key ecdsa = test_key_make(ASSAY_KEY_ECDSA_P256, 0);
	struct test_key rsa = test_key_make(ASSAY_KEY_RSA, 2048);
	struct test_key sk_ed25519 = test_key_make(ASSAY_KEY_SK_ED25519, 0);
	struct test_key sk_ecdsa = test_key_make(ASSAY_KEY_SK_ECDSA_P256, 0);

	forge_headers(&ed25519);
	forge_numbers(&ecdsa, &sk_ecdsa, &rsa);
	forge_flags(&sk_ed25519);
	forge_flags(&sk_ecdsa);
	forge_rsa(&rsa);
	forge_weak_rsa();
	forge_certs(&ed25519, &rsa);
	forge_ed25519(&ed25519, &sk_ed25519);
	forge_webauthn(&sk_ecdsa);
	forge_armor(&ed25519);
	test_key_done(&ed25519);
	test_key_done(&ecdsa);
	test_key_done(&rsa);
	test_key_done(&sk_ed25519);
	test_key_done(&sk_ecdsa);
}
