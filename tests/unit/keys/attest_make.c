/* SPDX-License-Identifier: Apache-2.0 */
#include "attest_make.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
must(bool good)
{
	if (!good)
		abort();
}

EVP_PKEY *
make_key(int bits)
{
	EVP_PKEY *key = bits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen((unsigned)bits);
	must(key != NULL);
	return key;
}

static void
set_name(X509 *x, const char *name, bool issuer)
{
	X509_NAME *n = X509_NAME_new();
	must(n != NULL && X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1);
	must((issuer ? X509_set_issuer_name(x, n) : X509_set_subject_name(x, n)) == 1);
	X509_NAME_free(n);
}

static void
add_known(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = value == NULL ? NULL : X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	must(value == NULL || (e != NULL && X509_add_ext(x, e, -1) == 1));
	X509_EXTENSION_free(e);
}

static void
add_raw(X509 *x, const struct made_extension *made)
{
	long len = 0;
	unsigned char *bytes = OPENSSL_hexstr2buf(made->hex, &len);
	ASN1_OBJECT *oid = OBJ_txt2obj(made->oid, 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	must(bytes != NULL && oid != NULL && value != NULL && ASN1_OCTET_STRING_set(value, bytes, (int)len) == 1);
	X509_EXTENSION *e = X509_EXTENSION_create_by_OBJ(NULL, oid, made->critical, value);
	must(e != NULL && X509_add_ext(x, e, -1) == 1);
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(oid);
	OPENSSL_free(bytes);
}

void
make_cert(const struct made_cert *c, const struct made_extension *extensions, char *pem, size_t room)
{
	const bool around = c->from == 0 && c->until == 0;
	X509 *x = X509_new();
	must(x != NULL && X509_set_version(x, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(x), 7) == 1);
	set_name(x, c->subject, false);
	set_name(x, c->issuer, true);
	must(ASN1_TIME_set(X509_getm_notBefore(x), MAKE_NOW + (around ? -1 : c->from) * MAKE_DAY) != NULL);
	must(ASN1_TIME_set(X509_getm_notAfter(x), MAKE_NOW + (around ? 1 : c->until) * MAKE_DAY) != NULL);
	must(X509_set_pubkey(x, c->key) == 1);
	add_known(x, NID_basic_constraints, c->constraints);
	add_known(x, NID_key_usage, c->usage);
	for (; extensions != NULL && extensions->oid != NULL; extensions++)
		add_raw(x, extensions);
	must(X509_sign(x, c->signed_by, EVP_get_digestbyname(c->digest == NULL ? "SHA256" : c->digest)) > 0);
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	must(bio != NULL && PEM_write_bio_X509(bio, x) == 1);
	const long len = BIO_get_mem_data(bio, &text);
	const size_t used = strlen(pem);
	must(len > 0 && used + (size_t)len < room);
	memcpy(pem + used, text, (size_t)len);
	pem[used + (size_t)len] = '\0';
	(void)BIO_free(bio);
	X509_free(x);
}
