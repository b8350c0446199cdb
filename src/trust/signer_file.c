/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A key in a PEM file: PKCS #8 encrypted by PBES2 (RFC 8018) with scrypt or PBKDF2, by libcrypto.
 */
#include "signer_kind.h"
#include <base/cleanup.h>
#include <base/file.h>
#include <fcntl.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#define KEY_FILE_MAX 65536
#define PASSPHRASE_MAX 1024
/* More iterations than anybody asks for would only keep the caller waiting for minutes. */
#define ITERATIONS_MAX 20000000

static const char make_one[] =
    "make one: openssl genpkey -algorithm ed25519 | openssl pkcs8 -topk8 -scrypt -out FILE";

static void
secret_done(struct buf *b)
{
	if (b->data != NULL)
		OPENSSL_cleanse(b->data, b->room);
	buf_done(b);
}

static void
bio_done(BIO **b)
{
	(void)BIO_free(*b);
}

static void
encrypted_done(X509_SIG **p)
{
	X509_SIG_free(*p);
}

static void
plain_done(PKCS8_PRIV_KEY_INFO **p)
{
	PKCS8_PRIV_KEY_INFO_free(*p);
}

static void
pbe_done(PBE2PARAM **p)
{
	PBE2PARAM_free(*p);
}

static void
pbkdf2_done(PBKDF2PARAM **p)
{
	PBKDF2PARAM_free(*p);
}

static void
key_done(EVP_PKEY **p)
{
	EVP_PKEY_free(*p);
}

/* Files that aren't what is wanted, by their first line, and what to do about each. */
static const struct other_file {
	const char *begin;
	const char *what;
	const char *todo; /* up to the file's name */
	const char *rest; /* after it */
} other_files[] = {
    {"-----BEGIN PRIVATE KEY-----", "holds an unencrypted key",
	"encrypt it: openssl pkcs8 -topk8 -scrypt -in ", " -out NEW, then destroy the old file"},
    {"-----BEGIN OPENSSH PRIVATE KEY-----", "holds a key in OpenSSH's own format",
	"load it into the agent (ssh-add ", ") and sign with 'agent'"},
    {"-----BEGIN RSA PRIVATE KEY-----", "holds an RSA key", "make an Ed25519 key instead of ", ""},
    {"-----BEGIN EC PRIVATE KEY-----", "holds an unencrypted key",
	"encrypt it: openssl pkcs8 -topk8 -scrypt -in ", " -out NEW, then destroy the old file"},
    {"-----BEGIN PUBLIC KEY-----", "holds a public key",
	"name the file of the private key that belongs to ", ""},
    {"ssh-", "holds a public key", "name 'agent:SHA256:...' as ssh-keygen -l -f ", " prints it"},
};

static enum assay_status
check_begin(const char *path, const char *text, struct assay_error *err)
{
	static const char wanted[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

	for (size_t i = 0; i < sizeof other_files / sizeof other_files[0]; i++) {
		const struct other_file *o = &other_files[i];
		if (strncmp(text, o->begin, strlen(o->begin)) != 0)
			continue;
		(void)assay_fail(err, ASSAY_E_UNSUPPORTED, "'%s' %s", path, o->what);
		return assay_error_todo(err, ASSAY_E_UNSUPPORTED, "%s%s%s", o->todo, path, o->rest);
	}
	if (strncmp(text, wanted, sizeof wanted - 1) == 0)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_FORMAT, "'%s' is no encrypted PKCS #8 key in PEM", path);
	return assay_error_todo(err, ASSAY_E_FORMAT, "%s", make_one);
}

static enum assay_status
check_iterations(const char *path, const X509_ALGOR *kdf, struct assay_error *err)
{
	const ASN1_OBJECT *id = NULL;
	const void *value = NULL;
	int type = 0;

	X509_ALGOR_get0(&id, &type, &value, kdf);
	if (OBJ_obj2nid(id) == NID_id_scrypt)
		return ASSAY_OK; /* libcrypto bounds its memory by itself, and with it the time */
	CLEANUP(pbkdf2_done) PBKDF2PARAM *p = NULL;
	if (OBJ_obj2nid(id) == NID_id_pbkdf2 && type == V_ASN1_SEQUENCE)
		p = ASN1_item_unpack(value, ASN1_ITEM_rptr(PBKDF2PARAM));
	long iterations = p != NULL ? ASN1_INTEGER_get(p->iter) : -1;
	if (iterations < 1 || iterations > ITERATIONS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT,
		    "'%s' derives its key neither by scrypt nor by PBKDF2 of 1 to %d rounds", path,
		    ITERATIONS_MAX);
	return ASSAY_OK;
}

/* PBES2 alone: the older schemes rest on DES or RC2, and on MD5 or SHA-1. */
static enum assay_status
check_scheme(const char *path, const X509_SIG *encrypted, struct assay_error *err)
{
	const X509_ALGOR *scheme = NULL;
	const ASN1_OBJECT *id = NULL;
	const void *value = NULL;
	int type = 0;

	X509_SIG_get0(encrypted, &scheme, NULL);
	X509_ALGOR_get0(&id, &type, &value, scheme);
	CLEANUP(pbe_done) PBE2PARAM *p = NULL;
	if (OBJ_obj2nid(id) == NID_pbes2 && type == V_ASN1_SEQUENCE)
		p = ASN1_item_unpack(value, ASN1_ITEM_rptr(PBE2PARAM));
	if (p == NULL) {
		(void)assay_fail(err, ASSAY_E_UNSUPPORTED, "'%s' is not encrypted by PBES2", path);
		return assay_error_todo(err, ASSAY_E_UNSUPPORTED,
		    "encrypt it anew: openssl pkcs8 -topk8 -scrypt -in %s -out NEW", path);
	}
	return check_iterations(path, p->keyfunc, err);
}

static enum assay_status
read_encrypted(const char *path, X509_SIG **ret_encrypted, struct assay_error *err)
{
	CLEANUP(secret_done) struct buf text = BUF_INIT(KEY_FILE_MAX);

	TRY(file_read(AT_FDCWD, path, &text, err));
	TRY(check_begin(path, buf_str(&text), err));
	CLEANUP(bio_done) BIO *bio = BIO_new_mem_buf(text.data, (int)text.len);
	if (bio == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for '%s'", path);
	CLEANUP(encrypted_done) X509_SIG *encrypted = PEM_read_bio_PKCS8(bio, NULL, NULL, NULL);
	if (encrypted == NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "'%s' can't be read as PKCS #8", path);
	TRY(check_scheme(path, encrypted, err));
	*ret_encrypted = steal(&encrypted);
	return ASSAY_OK;
}

static enum assay_status
unfit(const struct signer_request *request, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_UNSUPPORTED, "the key in '%s' can't sign this, which takes %s",
	    request->name, signer_use_keys(request->use));
	return assay_error_todo(err, ASSAY_E_UNSUPPORTED, "%s", make_one);
}

static enum assay_status
decrypt(const struct signer_request *request, const X509_SIG *encrypted, EVP_PKEY **ret_key,
    struct assay_error *err)
{
	CLEANUP(secret_done) struct buf passphrase = BUF_INIT(PASSPHRASE_MAX);

	if (request->ask == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE,
		    "there is nobody to ask for the passphrase of '%s'", request->name);
		return assay_error_todo(err, ASSAY_E_USAGE,
		    "run this at a terminal, or sign with 'agent'");
	}
	TRY(request->ask(request->ask_ctx, request->name, &passphrase, err));
	TRY(buf_status(&passphrase, "passphrase", err));
	CLEANUP(plain_done)
	PKCS8_PRIV_KEY_INFO *plain =
	    PKCS8_decrypt(encrypted, buf_str(&passphrase), (int)passphrase.len);
	if (plain == NULL) {
		(void)assay_fail(
		    err, ASSAY_E_USAGE, "this passphrase does not open '%s'", request->name);
		return assay_error_todo(err, ASSAY_E_USAGE, "try again with the right one");
	}
	CLEANUP(key_done) EVP_PKEY *key = EVP_PKCS82PKEY(plain);
	if (key == NULL)
		return unfit(request, err);
	*ret_key = steal(&key);
	return ASSAY_OK;
}

/* ---- what is in it ---- */

static void
number_done(BIGNUM **n)
{
	BN_free(*n);
}

static void
pair_done(ECDSA_SIG **s)
{
	ECDSA_SIG_free(*s);
}

/* The rows of the kinds that sign; what the caller signs decides which of them fit. */
static const struct file_kind {
	const char *group; /* libcrypto's name of the curve; NULL: Ed25519 */
	enum assay_key_type type;
	const char *curve; /* as SSH names it (RFC 5656) */
	size_t size;	   /* bytes of a coordinate */
	const char *digest;
} file_kinds[] = {
    {NULL, ASSAY_KEY_ED25519, NULL, 32, NULL},
    {"prime256v1", ASSAY_KEY_ECDSA_P256, "nistp256", 32, "SHA256"},
    {"secp384r1", ASSAY_KEY_ECDSA_P384, "nistp384", 48, "SHA384"},
};

struct key_file {
	EVP_PKEY *key;
	const struct file_kind *kind;
};

static const struct file_kind *
kind_of(const EVP_PKEY *key)
{
	char group[64] = "";

	if (EVP_PKEY_is_a(key, "ED25519") == 1)
		return &file_kinds[0];
	if (EVP_PKEY_is_a(key, "EC") != 1 ||
	    EVP_PKEY_get_utf8_string_param(
		key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, NULL) != 1)
		return NULL;
	for (size_t i = 1; i < sizeof file_kinds / sizeof file_kinds[0]; i++) {
		if (strcmp(group, file_kinds[i].group) == 0)
			return &file_kinds[i];
	}
	return NULL;
}

/* An uncompressed point, whatever form the file has it in. */
static bool
get_point(const EVP_PKEY *key, size_t size, unsigned char *out)
{
	CLEANUP(number_done) BIGNUM *x = NULL;
	CLEANUP(number_done) BIGNUM *y = NULL;

	out[0] = 4;
	return EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
	       EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1 &&
	       BN_bn2binpad(x, out + 1, (int)size) == (int)size &&
	       BN_bn2binpad(y, out + 1 + size, (int)size) == (int)size;
}

static enum assay_status
public_blob(const EVP_PKEY *key, const struct file_kind *kind, struct buf *out,
    struct assay_error *err)
{
	unsigned char bytes[1 + 2 * 48];
	size_t len = sizeof bytes;
	bool got = false;

	buf_add_ssh_string(out, assay_span_str(assay_key_type_name(kind->type)));
	if (kind->group == NULL) {
		got = EVP_PKEY_get_raw_public_key(key, bytes, &len) == 1 && len == kind->size;
	} else {
		len = 1 + 2 * kind->size;
		got = get_point(key, kind->size, bytes);
		buf_add_ssh_string(out, assay_span_str(kind->curve));
	}
	if (!got)
		return assay_fail(err, ASSAY_E_INTERNAL, "libcrypto does not give the public key");
	buf_add_ssh_string(out, (struct assay_span){bytes, len});
	return buf_status(out, "public key", err);
}

static void
file_close(void **state)
{
	struct key_file *f = *state;

	if (f != NULL)
		key_done(&f->key);
	free(f);
	*state = NULL;
}

static enum assay_status
file_open(const struct signer_request *request, void **ret_state, struct buf *ret_blob,
    struct assay_error *err)
{
	CLEANUP(encrypted_done) X509_SIG *encrypted = NULL;
	CLEANUP(key_done) EVP_PKEY *key = NULL;

	TRY(read_encrypted(request->name, &encrypted, err));
	TRY(decrypt(request, encrypted, &key, err));
	const struct file_kind *kind = kind_of(key);
	if (kind == NULL || !signer_use_takes(request->use, kind->type))
		return unfit(request, err);
	TRY(public_blob(key, kind, ret_blob, err));
	struct key_file *f = calloc(1, sizeof *f);
	if (f == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for '%s'", request->name);
	*f = (struct key_file){steal(&key), kind};
	*ret_state = f;
	return ASSAY_OK;
}

static void
digest_done(EVP_MD_CTX **ctx)
{
	EVP_MD_CTX_free(*ctx);
}

/* RFC 5656 section 3.1.2, out of DER. */
static enum assay_status
add_pair(struct buf *out, struct assay_span der, struct assay_error *err)
{
	const unsigned char *at = der.data;
	unsigned char r[48];
	unsigned char s[48];
	CLEANUP(pair_done) ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)der.len);

	if (sig == NULL || BN_bn2binpad(ECDSA_SIG_get0_r(sig), r, sizeof r) != (int)sizeof r ||
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), s, sizeof s) != (int)sizeof s)
		return assay_fail(err, ASSAY_E_SYSTEM, "libcrypto did not sign");
	signer_add_pair(out, (struct assay_span){r, sizeof r}, (struct assay_span){s, sizeof s});
	return buf_status(out, "a signature", err);
}

static enum assay_status
file_sign(void *state, struct assay_span message, struct buf *ret_blob, struct assay_error *err)
{
	CLEANUP(digest_done) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const struct key_file *f = state;
	unsigned char bytes[SIGNER_BLOB_MAX];
	size_t len = sizeof bytes;

	if (ctx == NULL ||
	    EVP_DigestSignInit_ex(ctx, NULL, f->kind->digest, NULL, NULL, f->key, NULL) != 1 ||
	    EVP_DigestSign(ctx, bytes, &len, message.data, message.len) != 1)
		return assay_fail(err, ASSAY_E_SYSTEM, "libcrypto did not sign");
	buf_add_ssh_string(ret_blob, assay_span_str(assay_key_type_name(f->kind->type)));
	if (f->kind->group != NULL)
		return add_pair(ret_blob, (struct assay_span){bytes, len}, err);
	buf_add_ssh_string(ret_blob, (struct assay_span){bytes, len});
	return ASSAY_OK;
}

const struct signer_kind signer_file = {"", "software", file_open, file_sign, file_close};
