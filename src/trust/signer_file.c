/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An Ed25519 key in a PEM file: PKCS #8 encrypted by PBES2 (RFC 8018) with scrypt or PBKDF2, by
 * libcrypto.
 */
#include "signer_kind.h"
#include <base/cleanup.h>
#include <base/file.h>
#include <fcntl.h>
#include <openssl/crypto.h>
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
    {"-----BEGIN EC PRIVATE KEY-----", "holds an ECDSA key", "make an Ed25519 key instead of ", ""},
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
	if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) {
		(void)assay_fail(
		    err, ASSAY_E_UNSUPPORTED, "the key in '%s' is not Ed25519", request->name);
		return assay_error_todo(err, ASSAY_E_UNSUPPORTED, "%s", make_one);
	}
	*ret_key = steal(&key);
	return ASSAY_OK;
}

static enum assay_status
file_open(const struct signer_request *request, void **ret_state, unsigned char ret_public[32],
    struct assay_error *err)
{
	CLEANUP(encrypted_done) X509_SIG *encrypted = NULL;
	CLEANUP(key_done) EVP_PKEY *key = NULL;
	size_t len = 32;

	TRY(read_encrypted(request->name, &encrypted, err));
	TRY(decrypt(request, encrypted, &key, err));
	if (EVP_PKEY_get_raw_public_key(key, ret_public, &len) != 1 || len != 32)
		return assay_fail(err, ASSAY_E_INTERNAL, "libcrypto does not give the public key");
	*ret_state = steal(&key);
	return ASSAY_OK;
}

static void
digest_done(EVP_MD_CTX **ctx)
{
	EVP_MD_CTX_free(*ctx);
}

static enum assay_status
file_sign(void *state, struct assay_span message, unsigned char ret_signature[64],
    struct assay_error *err)
{
	CLEANUP(digest_done) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = 64;

	if (ctx == NULL || EVP_DigestSignInit(ctx, NULL, NULL, NULL, state) != 1 ||
	    EVP_DigestSign(ctx, ret_signature, &len, message.data, message.len) != 1 || len != 64)
		return assay_fail(err, ASSAY_E_SYSTEM, "libcrypto did not sign");
	return ASSAY_OK;
}

static void
file_close(void **state)
{
	EVP_PKEY_free(*state);
	*state = NULL;
}

const struct signer_kind signer_file = {"", file_open, file_sign, file_close};
