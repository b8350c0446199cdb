/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain of certificates, walked by rules that are narrower than those of the web: in the order given, no searching, no store, no
 * trust but in the vendor's roots.
 */
#include "attestation.h"

#include <base/cleanup.h>
#include <base/embedded.h>
#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define ROOTS_MAX 16
#define RSA_BITS_MIN 2048

extern const struct embedded_file attestation_files[];

static const struct {
	const char *name, *file;
} vendors[ATTESTATION_VENDORS] = {
	[ATTESTATION_YUBIKEY_PIV] = { "YubiKey PIV", "yubikey-piv.pem" },
	[ATTESTATION_YUBIHSM] = { "YubiHSM 2", "yubihsm.pem" },
};

static const struct {
	const char *name, *words;
} codes[] = {
	[ATTESTATION_UNREADABLE] = { "unreadable", "it is no chain of certificates in PEM" },
	[ATTESTATION_NO_VENDOR] = { "no-vendor", "its first certificate is of no token vendor that is known here" },
	[ATTESTATION_WRONG_KEY] = { "wrong-key", "it is about another key" },
	[ATTESTATION_FOREIGN_ROOT] = { "foreign-root", "it leads to no root of the vendor" },
	[ATTESTATION_BAD_CHAIN] = { "bad-chain", "its certificates don't follow from one another" },
	[ATTESTATION_BAD_SIGNATURE] = { "bad-signature", "the signature of one of its certificates doesn't hold" },
	[ATTESTATION_WEAK] = { "weak", "one of its certificates is signed in a way that nobody should rely on" },
	[ATTESTATION_NOT_CA] = { "not-ca", "one of its issuers may issue no certificate, or none so deep" },
	[ATTESTATION_EXPIRED] = { "expired", "one of its certificates isn't valid at this time" },
	[ATTESTATION_CRITICAL] = { "critical-extension", "one of its certificates has a critical extension that isn't known here" },
	[ATTESTATION_MISSING] = { "missing-extension", "an extension of the vendor is missing" },
	[ATTESTATION_DOUBLED] = { "doubled-extension", "an extension of the vendor is there twice" },
	[ATTESTATION_GARBLED] = { "garbled-extension", "an extension of the vendor can't be read" },
	[ATTESTATION_IMPORTED] = { "imported", "the key was made elsewhere and imported" },
	[ATTESTATION_IMPORTED_WRAPPED] = { "imported-wrapped", "the key came wrapped from another token" },
	[ATTESTATION_EXPORTABLE] = { "exportable", "the key can leave the token wrapped" },
	[ATTESTATION_HOLDS] = { "attested", "the key was made in the token and can't leave it" },
};

const char *
attestation_code_name(enum attestation_code code)
{
	return (size_t)code < COUNT(codes) ? codes[code].name : "unreadable";
}

const char *
attestation_words(enum attestation_code code)
{
	return (size_t)code < COUNT(codes) ? codes[code].words : codes[ATTESTATION_UNREADABLE].words;
}

const char *
attestation_vendor_name(enum attestation_vendor vendor)
{
	return (size_t)vendor < COUNT(vendors) ? vendors[vendor].name : "unknown";
}

struct assay_span
attestation_roots(enum attestation_vendor vendor)
{
	for (const struct embedded_file *f = attestation_files; f->name != NULL && (size_t)vendor < COUNT(vendors); f++) {
		if (strcmp(f->name, vendors[vendor].file) == 0)
			return (struct assay_span){ f->data, f->len };
	}
	return (struct assay_span){ NULL, 0 };
}

/* ---- certificates ---- */

struct certs {
	X509 *items[ROOTS_MAX];
	size_t count;
};

static void
certs_done(struct certs *c)
{
	for (size_t i = 0; i < c->count; i++)
		X509_free(c->items[i]);
	c->count = 0;
}

static void
bio_done(BIO **b)
{
	(void)BIO_free(*b);
}

/* Nobody is asked: a certificate is no secret, and one that claims to be encrypted is none. */
static int
no_passphrase(char *room, int size, int writing, void *ctx)
{
	(void)room;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

/* Appends all certificates of the text; false when it holds none, or more than most in all, or ends in something else. */
static bool
read_certs(struct assay_span pem, size_t most, struct certs *out)
{
	while (pem.len > 0 && (pem.data[pem.len - 1] == '\n' || pem.data[pem.len - 1] == '\r' || pem.data[pem.len - 1] == ' '))
		pem.len--;
	CLEANUP(bio_done) BIO *bio = pem.len > 0 && pem.len <= ATTESTATION_MAX ? BIO_new_mem_buf(pem.data, (int)pem.len) : NULL;
	const size_t before = out->count;
	while (bio != NULL && BIO_pending(bio) > 0) {
		X509 *cert = out->count < most ? PEM_read_bio_X509(bio, NULL, no_passphrase, NULL) : NULL;
		if (cert == NULL)
			return false;
		out->items[out->count++] = cert;
	}
	return out->count > before;
}

static bool
digest_of(const X509 *cert, unsigned char digest[ASSAY_SHA256_SIZE])
{
	unsigned len = 0;
	return X509_digest(cert, EVP_sha256(), digest, &len) == 1 && len == ASSAY_SHA256_SIZE;
}

static void
free_der(unsigned char **der)
{
	OPENSSL_free(*der);
}

static bool
spki_of(const X509 *cert, unsigned char digest[ASSAY_SHA256_SIZE])
{
	CLEANUP(free_der) unsigned char *der = NULL;
	const int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	return len > 0 && assay_sha256((struct assay_span){ der, (size_t)len }, digest) == ASSAY_OK;
}

/* ---- rules for one certificate ---- */

static bool
is_strong(const X509 *cert, const X509 *issuer)
{
	static const int good[] = { NID_sha256WithRSAEncryption, NID_sha384WithRSAEncryption, NID_sha512WithRSAEncryption,
		NID_ecdsa_with_SHA256, NID_ecdsa_with_SHA384, NID_ecdsa_with_SHA512 };
	const EVP_PKEY *key = X509_get0_pubkey(issuer);
	bool known = false;
	for (size_t i = 0; i < COUNT(good); i++)
		known = known || X509_get_signature_nid(cert) == good[i];
	return known && key != NULL && (EVP_PKEY_is_a(key, "RSA") != 1 || EVP_PKEY_get_bits(key) >= RSA_BITS_MIN);
}

static bool
is_valid_at(const X509 *cert, int64_t now)
{
	time_t at = (time_t)now;
	/* 0 is an error, and no certificate is valid then. */
	return X509_cmp_time(X509_get0_notBefore(cert), &at) < 0 && X509_cmp_time(X509_get0_notAfter(cert), &at) > 0;
}

/* below: how many issuers stand between it and the key's certificate. */
static bool
may_issue(X509 *cert, long below)
{
	const uint32_t flags = X509_get_extension_flags(cert);
	const long depth = X509_get_pathlen(cert);
	if ((flags & EXFLAG_CA) == 0 || (flags & EXFLAG_INVALID) != 0)
		return false;
	if ((flags & EXFLAG_KUSAGE) != 0 && (X509_get_key_usage(cert) & KU_KEY_CERT_SIGN) == 0)
		return false;
	return depth < 0 || below <= depth;
}

static bool
knows_critical(const X509 *cert)
{
	for (int i = 0; i < X509_get_ext_count(cert); i++) {
		X509_EXTENSION *x = X509_get_ext(cert, i);
		const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(x));
		if (X509_EXTENSION_get_critical(x) == 1 && nid != NID_basic_constraints && nid != NID_key_usage)
			return false;
	}
	return true;
}

/* ---- the chain ---- */

static X509 *
root_named(const struct certs *roots, const X509 *cert)
{
	for (size_t i = 0; i < roots->count; i++) {
		if (X509_NAME_cmp(X509_get_subject_name(roots->items[i]), X509_get_issuer_name(cert)) == 0)
			return roots->items[i];
	}
	return NULL;
}

static bool
is_root(const struct certs *roots, const X509 *cert)
{
	for (size_t i = 0; i < roots->count; i++) {
		if (X509_cmp(roots->items[i], cert) == 0)
			return true;
	}
	return false;
}

static enum attestation_code
check_link(X509 *cert, X509 *issuer, long below, int64_t now)
{
	EVP_PKEY *key = X509_get0_pubkey(issuer);
	if (X509_NAME_cmp(X509_get_subject_name(issuer), X509_get_issuer_name(cert)) != 0)
		return ATTESTATION_BAD_CHAIN;
	if (!is_strong(cert, issuer))
		return ATTESTATION_WEAK;
	if (X509_verify(cert, key) != 1)
		return ATTESTATION_BAD_SIGNATURE;
	if (!may_issue(issuer, below))
		return ATTESTATION_NOT_CA;
	if (!is_valid_at(cert, now) || !is_valid_at(issuer, now))
		return ATTESTATION_EXPIRED;
	return knows_critical(cert) && knows_critical(issuer) ? ATTESTATION_HOLDS : ATTESTATION_CRITICAL;
}

static enum attestation_code
walk(struct certs *chain, const struct certs *roots, int64_t now, struct attestation *a)
{
	/* A root that came along is as good as none: those that count are ours. */
	const size_t links = chain->count - (chain->count > 1 && is_root(roots, chain->items[chain->count - 1]) ? 1 : 0);
	X509 *root = root_named(roots, chain->items[links - 1]);
	if (root == NULL || !digest_of(root, a->root_sha256))
		return ATTESTATION_FOREIGN_ROOT;
	for (size_t i = 0; i < links; i++) {
		X509 *issuer = i + 1 < links ? chain->items[i + 1] : root;
		const enum attestation_code code = check_link(chain->items[i], issuer, (long)i, now);
		/* A root's name can be put on anything: a signature of another key's shows that it isn't this root. */
		if (code == ATTESTATION_BAD_SIGNATURE && issuer == root)
			return ATTESTATION_FOREIGN_ROOT;
		if (code != ATTESTATION_HOLDS)
			return code;
	}
	/* A vendor's certificates say of a key in a token; one that may issue others says of a token. */
	return (X509_get_extension_flags(chain->items[0]) & EXFLAG_CA) == 0 ? attestation_read(chain->items[0], a) : ATTESTATION_NOT_CA;
}

static enum attestation_code
judge(const struct attestation_question *q, struct attestation *a)
{
	CLEANUP(certs_done) struct certs chain = { .count = 0 };
	CLEANUP(certs_done) struct certs roots = { .count = 0 };
	if (!read_certs(q->chain, ATTESTATION_CERTS_MAX, &chain) || !spki_of(chain.items[0], a->spki_sha256))
		return ATTESTATION_UNREADABLE;
	if (!attestation_vendor_of(chain.items[0], &a->vendor))
		return ATTESTATION_NO_VENDOR;
	if (q->spki_sha256 != NULL && memcmp(q->spki_sha256, a->spki_sha256, ASSAY_SHA256_SIZE) != 0)
		return ATTESTATION_WRONG_KEY;
	if (!read_certs(attestation_roots(a->vendor), ROOTS_MAX, &roots)
	    || (q->roots.len > 0 && !read_certs(q->roots, ROOTS_MAX, &roots)))
		return ATTESTATION_UNREADABLE;
	return walk(&chain, &roots, q->now, a);
}

enum assay_status
attestation_verify(const struct attestation_question *question, struct attestation *ret_attestation, struct assay_error *err)
{
	struct attestation a = { .code = ATTESTATION_UNREADABLE };
	a.code = judge(question, &a);
	*ret_attestation = a;
	if (a.code == ATTESTATION_HOLDS)
		return ASSAY_OK;
	return assay_fail(err, ASSAY_E_VERIFY, "the attestation doesn't hold: %s", attestation_words(a.code));
}
