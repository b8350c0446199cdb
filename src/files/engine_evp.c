/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcrypto's EVP functions, which every machine has; and the same of nothing but a FIPS provider.
 */
#include "engine.h"

#include <base/cleanup.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>

struct inside {
	EVP_MD *algorithms[3];
	EVP_MD_CTX *one; /* for short messages */
};

static const char *const names[] = {
    [ENGINE_SHA256] = "SHA2-256",
    [ENGINE_SHA384] = "SHA2-384",
    [ENGINE_SHA512] = "SHA2-512",
};

#define ALGORITHMS (sizeof(names) / sizeof(names[0]))

static void
evp_close(struct engine *e)
{
	struct inside *in = e->inside;
	if (in == NULL)
		return;
	for (size_t i = 0; i < ALGORITHMS; i++)
		EVP_MD_free(in->algorithms[i]);
	EVP_MD_CTX_free(in->one);
	free(in);
	e->inside = NULL;
}

/* False when a provider hasn't got an algorithm, or memory ran out. */
static bool
fetch(struct inside *in, const char *properties)
{
	in->one = EVP_MD_CTX_new();
	bool good = in->one != NULL;
	for (size_t i = 0; good && i < ALGORITHMS; i++) {
		in->algorithms[i] = EVP_MD_fetch(NULL, names[i], properties);
		good = in->algorithms[i] != NULL;
	}
	return good;
}

static enum assay_status
open_with(struct engine *e, const char *properties, bool *ret_there)
{
	struct inside *in = calloc(1, sizeof(*in));
	if (in == NULL)
		return ASSAY_E_MEMORY;
	e->inside = in;
	*ret_there = fetch(in, properties);
	if (!*ret_there)
		evp_close(e);
	return ASSAY_OK;
}

static enum assay_status
evp_open(struct engine *e, struct assay_error *err)
{
	bool there = false;
	if (open_with(e, NULL, &there) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory left for a hash engine");
	if (!there)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "libcrypto has no SHA-2 here");
	return ASSAY_OK;
}

static enum assay_status
fips_open(struct engine *e, struct assay_error *err)
{
	bool there = false;
	if (open_with(e, "fips=yes", &there) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory left for a hash engine");
	if (there)
		return ASSAY_OK;
	(void)assay_fail(
	    err, ASSAY_E_UNSUPPORTED, "libcrypto has no FIPS provider here that hashes");
	return assay_error_todo(err, ASSAY_E_UNSUPPORTED,
	    "install a validated provider, run 'openssl fipsinstall', and activate it in "
	    "openssl.cnf; "
	    "'openssl list -providers' must show it as active");
}

static enum assay_status
evp_many(struct engine *e, const struct engine_message *messages, size_t n)
{
	const struct inside *in = e->inside;
	for (size_t i = 0; i < n; i++) {
		if (EVP_DigestInit_ex2(in->one, in->algorithms[ENGINE_SHA256], NULL) != 1 ||
		    EVP_DigestUpdate(in->one, messages[i].data, messages[i].len) != 1 ||
		    EVP_DigestFinal_ex(in->one, messages[i].digest, NULL) != 1)
			return ASSAY_E_INTERNAL;
	}
	return ASSAY_OK;
}

static enum assay_status
evp_begin(struct engine *e, enum engine_algorithm algorithm, void **ret_stream)
{
	const struct inside *in = e->inside;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	if (ctx == NULL)
		return ASSAY_E_MEMORY;
	if (EVP_DigestInit_ex2(ctx, in->algorithms[algorithm], NULL) != 1) {
		EVP_MD_CTX_free(ctx);
		return ASSAY_E_INTERNAL;
	}
	*ret_stream = ctx;
	return ASSAY_OK;
}

static enum assay_status
evp_add(void *stream, struct assay_span bytes)
{
	EVP_MD_CTX *ctx = stream;
	return EVP_DigestUpdate(ctx, bytes.data, bytes.len) == 1 ? ASSAY_OK : ASSAY_E_INTERNAL;
}

static enum assay_status
evp_end(void *stream, unsigned char *ret_digest)
{
	EVP_MD_CTX *ctx = stream;
	return EVP_DigestFinal_ex(ctx, ret_digest, NULL) == 1 ? ASSAY_OK : ASSAY_E_INTERNAL;
}

static void
evp_drop(void *stream)
{
	EVP_MD_CTX *ctx = stream;
	EVP_MD_CTX_free(ctx);
}

const struct engine_kind engine_evp = {"evp",
    "libcrypto's default functions, one message at a time", false, evp_open, evp_close, evp_many,
    evp_begin, evp_add, evp_end, evp_drop};
const struct engine_kind engine_fips = {"fips", "libcrypto's FIPS provider, and nothing else", true,
    fips_open, evp_close, evp_many, evp_begin, evp_add, evp_end, evp_drop};
