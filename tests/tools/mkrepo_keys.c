/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Throwaway keys and the signatures they make, good and broken.
 */
#include "mkrepo.h"

#include <assay/hash.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>
#include <sodium.h>

#define BLOB_MAX (1u << 20)

struct key *
keyring_find(struct keyring *ring, const char *name)
{
	for (size_t i = 0; i < ring->count; i++) {
		if (strcmp(ring->keys[i].name, name) == 0)
			return &ring->keys[i];
	}
	die("no key '%s'", name);
}

static struct key *
new_key(struct keyring *ring, const char *name)
{
	if (ring->count == KEYS_MAX || strlen(name) >= NAME_MAX_LEN)
		die("too many keys, or too long a name: '%s'", name);
	struct key *k = &ring->keys[ring->count++];
	*k = (struct key){ .blob = BUF_INIT(BLOB_MAX), .certificate = BUF_INIT(BLOB_MAX) };
	(void)snprintf(k->name, sizeof k->name, "%s", name);
	return k;
}

static void
add_string(struct buf *b, const char *text)
{
	buf_add_ssh_string(b, assay_span_str(text));
}

/* A positive big-endian number as SSH mpint. */
static void
add_mpint(struct buf *b, const unsigned char *n, size_t len)
{
	while (len > 0 && n[0] == 0)
		n++, len--;
	bool pad = len > 0 && (n[0] & 0x80) != 0;
	buf_add_u32be(b, (uint32_t)(len + pad));
	if (pad)
		buf_add_byte(b, 0);
	buf_add(b, n, len);
}

static void
make_ed25519(struct key *k, bool small_order)
{
	unsigned char seed[32];
	if (assay_sha256(assay_span_str(k->name), seed) != ASSAY_OK ||
	    crypto_sign_seed_keypair(k->ed_public, k->ed_secret, seed) != 0)
		die("no key");
	if (small_order) { /* the neutral element: any (R = S·B) verifies where nobody looks */
		memset(k->ed_public, 0, sizeof k->ed_public);
		k->ed_public[0] = 1;
	}
	add_string(&k->blob, k->type);
	buf_add_ssh_string(&k->blob, (struct assay_span){ k->ed_public, 32 });
}

static void
make_ecdsa(struct key *k, const char *group, const char *curve)
{
	unsigned char point[256];
	size_t len = 0;
	k->pkey = EVP_EC_gen(group);
	if (k->pkey == NULL ||
	    EVP_PKEY_get_octet_string_param(k->pkey, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point,
		&len) != 1)
		die("no key on %s", group);
	add_string(&k->blob, k->type);
	add_string(&k->blob, curve);
	buf_add_ssh_string(&k->blob, (struct assay_span){ point, len });
}

static void
make_rsa(struct key *k, unsigned bits)
{
	unsigned char number[2048];
	BIGNUM *e = NULL, *n = NULL;
	k->pkey = EVP_RSA_gen(bits);
	if (k->pkey == NULL || EVP_PKEY_get_bn_param(k->pkey, OSSL_PKEY_PARAM_RSA_E, &e) != 1 ||
	    EVP_PKEY_get_bn_param(k->pkey, OSSL_PKEY_PARAM_RSA_N, &n) != 1)
		die("no RSA key of %u bits", bits);
	add_string(&k->blob, k->type);
	add_mpint(&k->blob, number, (size_t)BN_bn2bin(e, number));
	add_mpint(&k->blob, number, (size_t)BN_bn2bin(n, number));
	BN_free(e);
	BN_free(n);
}

static const struct {
	const char *name, *ssh, *group, *curve;
	unsigned bits;
	bool security_key, small_order;
} key_types[] = {
	{ "ed25519", "ssh-ed25519", NULL, NULL, 0, false, false },
	{ "small-order", "ssh-ed25519", NULL, NULL, 0, false, true },
	{ "ecdsa-p256", "ecdsa-sha2-nistp256", "P-256", "nistp256", 0, false, false },
	{ "ecdsa-p384", "ecdsa-sha2-nistp384", "P-384", "nistp384", 0, false, false },
	{ "ecdsa-p521", "ecdsa-sha2-nistp521", "P-521", "nistp521", 0, false, false },
	{ "rsa-1024", "ssh-rsa", NULL, NULL, 1024, false, false },
	{ "rsa-2048", "ssh-rsa", NULL, NULL, 2048, false, false },
	{ "rsa-3072", "ssh-rsa", NULL, NULL, 3072, false, false },
	{ "rsa-4096", "ssh-rsa", NULL, NULL, 4096, false, false },
	{ "sk-ed25519", "sk-ssh-ed25519@openssh.com", NULL, NULL, 0, true, false },
	{ "sk-ecdsa", "sk-ecdsa-sha2-nistp256@openssh.com", "P-256", "nistp256", 0, true, false },
};

void
keyring_add(struct keyring *ring, const char *name, const char *type)
{
	for (size_t i = 0; i < sizeof key_types / sizeof key_types[0]; i++) {
		if (strcmp(key_types[i].name, type) != 0)
			continue;
		struct key *k = new_key(ring, name);
		k->type = key_types[i].ssh;
		k->security_key = key_types[i].security_key;
		if (key_types[i].bits != 0)
			make_rsa(k, key_types[i].bits);
		else if (key_types[i].group != NULL)
			make_ecdsa(k, key_types[i].group, key_types[i].curve);
		else
			make_ed25519(k, key_types[i].small_order);
		if (k->security_key)
			add_string(&k->blob, "ssh:");
		return;
	}
	die("no key type '%s'", type);
}

void
key_text(const struct key *k, struct buf *out)
{
	buf_addf(out, "%s ", k->type);
	buf_add_base64(out, buf_span(&k->blob));
}

/* ------------------------------------------------------------- signing */

static size_t
evp_sign(EVP_PKEY *pkey, const char *digest, struct assay_span m, unsigned char *out, size_t room)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = room;
	if (ctx == NULL || EVP_DigestSignInit_ex(ctx, NULL, digest, NULL, NULL, pkey, NULL) != 1 ||
	    EVP_DigestSign(ctx, out, &len, m.data, m.len) != 1)
		die("can't sign");
	EVP_MD_CTX_free(ctx);
	return len;
}

static void
ecdsa_blob(const struct key *k, struct assay_span m, struct buf *out)
{
	unsigned char der[512], number[128];
	const char *digest = strstr(k->type, "384") ? "SHA384" : strstr(k->type, "521") ? "SHA512" : "SHA256";
	const unsigned char *at = der;
	long len = (long)evp_sign(k->pkey, digest, m, der, sizeof der);
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, len);
	if (sig == NULL)
		die("no ECDSA signature");
	struct buf inner = BUF_INIT(BLOB_MAX);
	add_mpint(&inner, number, (size_t)BN_bn2bin(ECDSA_SIG_get0_r(sig), number));
	add_mpint(&inner, number, (size_t)BN_bn2bin(ECDSA_SIG_get0_s(sig), number));
	buf_add_ssh_string(out, buf_span(&inner));
	buf_done(&inner);
	ECDSA_SIG_free(sig);
}

static void
ed25519_blob(const struct key *k, struct assay_span m, struct buf *out)
{
	unsigned char sig[64];
	if (crypto_sign_detached(sig, NULL, m.data, m.len, k->ed_secret) != 0)
		die("can't sign");
	if (k->ed_public[0] == 1 && sodium_is_zero(k->ed_public + 1, 31)) { /* A neutral: R = B, S = 1 */
		memset(sig, 0x66, 32);
		sig[0] = 0x58;
		memset(sig + 32, 0, 32);
		sig[32] = 1;
	}
	buf_add_ssh_string(out, (struct assay_span){ sig, 64 });
}

/* What a security key signs: SHA-256 of application, flags, counter, SHA-256 of the message. */
static void
security_key_message(const struct key *k, struct assay_span m, unsigned char flags, struct buf *out)
{
	unsigned char digest[32];
	if (assay_sha256(assay_span_str("ssh:"), digest) != ASSAY_OK)
		die("no digest");
	buf_add(out, digest, sizeof digest);
	buf_add_byte(out, flags);
	buf_add_u32be(out, k->counter);
	if (assay_sha256(m, digest) != ASSAY_OK)
		die("no digest");
	buf_add(out, digest, sizeof digest);
}

/* The SSH signature blob over m. */
static void
signature_blob(struct key *k, struct assay_span m, unsigned char flags, struct buf *out)
{
	struct buf wrapped = BUF_INIT(BLOB_MAX);
	if (k->security_key) {
		k->counter++;
		security_key_message(k, m, flags, &wrapped);
		m = buf_span(&wrapped);
	}
	if (strcmp(k->type, "ssh-rsa") == 0) {
		unsigned char sig[1024];
		size_t len = evp_sign(k->pkey, "SHA512", m, sig, sizeof sig);
		add_string(out, "rsa-sha2-512");
		buf_add_ssh_string(out, (struct assay_span){ sig, len });
	} else {
		add_string(out, k->type);
		if (k->pkey != NULL)
			ecdsa_blob(k, m, out);
		else
			ed25519_blob(k, m, out);
	}
	if (k->security_key) {
		buf_add_byte(out, flags);
		buf_add_u32be(out, k->counter);
	}
	buf_done(&wrapped);
}

static void
armor(struct assay_span binary, const struct words *w, struct buf *out)
{
	struct buf text = BUF_INIT(BLOB_MAX);
	buf_add_base64(&text, binary);
	buf_add_str(out, "-----BEGIN SSH SIGNATURE-----\n");
	for (size_t at = 0; at < text.len; at += 70) {
		buf_add(out, text.data + at, text.len - at < 70 ? text.len - at : 70);
		buf_add_byte(out, '\n');
	}
	if (!word_flag(w, "strip-armor-end"))
		buf_add_str(out, "-----END SSH SIGNATURE-----\n");
	buf_done(&text);
}

void
key_sign(struct key *k, struct assay_span message, const struct words *w, struct buf *out)
{
	unsigned char digest[64];
	struct key *own = k->signs_as != NULL ? (struct key *)(uintptr_t)k->signs_as : k;
	const char *name_space = word_value(w, "namespace", "git");
	const char *hash = word_value(w, "hash", "sha512");
	bool small = strcmp(hash, "sha256") == 0;
	struct buf tbs = BUF_INIT(BLOB_MAX), sig = BUF_INIT(BLOB_MAX), all = BUF_INIT(BLOB_MAX);
	if ((small ? assay_sha256(message, digest) : assay_sha512(message, digest)) != ASSAY_OK)
		die("no digest");
	buf_add_str(&tbs, "SSHSIG");
	add_string(&tbs, name_space);
	add_string(&tbs, "");
	add_string(&tbs, hash);
	buf_add_ssh_string(&tbs, (struct assay_span){ digest, small ? 32 : 64 });
	signature_blob(own, buf_span(&tbs), word_flag(w, "untouched") ? 0 : 1, &sig);
	buf_add_str(&all, "SSHSIG");
	buf_add_u32be(&all, 1);
	buf_add_ssh_string(&all, k->certificate.len ? buf_span(&k->certificate) : buf_span(&k->blob));
	add_string(&all, word_value(w, "claim-namespace", name_space));
	add_string(&all, "");
	add_string(&all, hash);
	buf_add_ssh_string(&all, buf_span(&sig));
	const char *corrupt = word_value(w, "corrupt", NULL);
	if (corrupt != NULL) /* counted from the end */
		all.data[all.len - 1 - strtoul(corrupt, NULL, 10) % all.len] ^= 1;
	all.len -= strtoul(word_value(w, "truncate", "0"), NULL, 10) % all.len;
	armor(buf_span(&all), w, out);
	buf_done(&tbs);
	buf_done(&sig);
	buf_done(&all);
}

/* -------------------------------------------------------- certificates */

static void
add_list(struct buf *out, const char *commas)
{
	struct buf list = BUF_INIT(BLOB_MAX);
	for (const char *p = commas; *p != '\0';) {
		size_t n = strcspn(p, ",");
		buf_add_ssh_string(&list, (struct assay_span){ (const unsigned char *)p, n });
		p += n + (p[n] == ',');
	}
	buf_add_ssh_string(out, buf_span(&list));
	buf_done(&list);
}

/* "NAME:VALUE" as one critical option; "" for none. */
static void
add_critical(struct buf *out, const char *option)
{
	struct buf list = BUF_INIT(BLOB_MAX), value = BUF_INIT(BLOB_MAX);
	size_t n = strcspn(option, ":");
	if (n > 0) {
		buf_add_ssh_string(&list, (struct assay_span){ (const unsigned char *)option, n });
		add_string(&value, option[n] == ':' ? option + n + 1 : "");
		buf_add_ssh_string(&list, buf_span(&value));
	}
	buf_add_ssh_string(out, buf_span(&list));
	buf_done(&list);
	buf_done(&value);
}

static void
add_u64(struct buf *out, uint64_t v)
{
	buf_add_u32be(out, (uint32_t)(v >> 32));
	buf_add_u32be(out, (uint32_t)v);
}

void
keyring_certify(struct keyring *ring, const struct words *w)
{
	struct key *own = keyring_find(ring, word_value(w, "key", ""));
	struct key *ca = keyring_find(ring, word_value(w, "ca", ""));
	struct key *k = new_key(ring, w->word[1]);
	struct buf *c = &k->certificate;
	struct buf sig = BUF_INIT(BLOB_MAX);
	unsigned char nonce[32] = { 7 };
	k->type = own->type;
	k->signs_as = own;
	buf_add_span(&k->blob, buf_span(&own->blob));
	size_t name_len = strlen(own->type);
	if (strncmp(own->type, "ssh-ed25519", name_len) != 0)
		die("certificates are made for ed25519 keys here");
	add_string(c, "ssh-ed25519-cert-v01@openssh.com");
	buf_add_ssh_string(c, (struct assay_span){ nonce, sizeof nonce });
	buf_add_ssh_string(c, (struct assay_span){ own->ed_public, 32 });
	add_u64(c, 1);
	buf_add_u32be(c, strcmp(word_value(w, "type", "user"), "host") == 0 ? 2 : 1);
	add_string(c, own->name);
	add_list(c, word_value(w, "principals", ""));
	add_u64(c, (uint64_t)time_value(word_value(w, "after", "0")));
	add_u64(c, (uint64_t)time_value(word_value(w, "before", "9999-12-31")));
	add_critical(c, word_value(w, "critical", ""));
	add_string(c, ""); /* extensions */
	add_string(c, ""); /* reserved */
	buf_add_ssh_string(c, buf_span(&ca->blob));
	signature_blob(ca, buf_span(c), 1, &sig);
	if (word_flag(w, "forged"))
		sig.data[sig.len - 1] ^= 1;
	buf_add_ssh_string(c, buf_span(&sig));
	buf_done(&sig);
}
