/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-1 comes from libgit2 alone, whose implementation detects the known collision attacks; libcrypto's does not.
 */
#include <codec/gitobj.h>

#include <git2/errors.h>
#include <git2/odb.h>
#include <openssl/evp.h>

#include <base/cleanup.h>

static enum assay_status
hash_sha1(enum git_type type, struct assay_span bytes, struct oid *ret_id, struct assay_error *err)
{
	static const git_object_t types[] = {
		[GIT_COMMIT] = GIT_OBJECT_COMMIT,
		[GIT_TREE] = GIT_OBJECT_TREE,
		[GIT_BLOB] = GIT_OBJECT_BLOB,
		[GIT_TAG] = GIT_OBJECT_TAG,
	};
	git_oid id;
	if (git_odb_hash(&id, bytes.data, bytes.len, types[type]) == 0) {
		struct oid out = { 0 };
		memcpy(out.b, id.id, sizeof id.id);
		*ret_id = out;
		return ASSAY_OK;
	}
	const git_error *last = git_error_last();
	if (last != NULL && last->message != NULL && strstr(last->message, "collision") != NULL)
		return assay_fail(err, ASSAY_E_VERIFY,
		    "%s made for a SHA-1 collision attack", git_type_name(type));
	return assay_fail(err, ASSAY_E_INTERNAL, "libgit2 can't hash: %s",
	    last != NULL && last->message != NULL ? last->message : "no reason given");
}

static void
md_ctx_done(EVP_MD_CTX **ctx)
{
	EVP_MD_CTX_free(*ctx);
}

static enum assay_status
hash_sha256(enum git_type type, struct assay_span bytes, struct oid *ret_id,
    struct assay_error *err)
{
	char head[32];
	int n = snprintf(head, sizeof head, "%s %zu", git_type_name(type), bytes.len);
	CLEANUP(md_ctx_done) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct oid out = { 0 };
	if (n < 0 || (size_t)n >= sizeof head || ctx == NULL
	    || EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1
	    || EVP_DigestUpdate(ctx, head, (size_t)n + 1) != 1
	    || (bytes.len > 0 && EVP_DigestUpdate(ctx, bytes.data, bytes.len) != 1)
	    || EVP_DigestFinal_ex(ctx, out.b, NULL) != 1)
		return assay_fail(err, ASSAY_E_INTERNAL, "libcrypto can't hash with SHA-256");
	*ret_id = out;
	return ASSAY_OK;
}

enum assay_status
git_hash(enum oid_algo algo, enum git_type type, struct assay_span bytes, struct oid *ret_id,
    struct assay_error *err)
{
	if (algo == OID_SHA1)
		return hash_sha1(type, bytes, ret_id, err);
	return hash_sha256(type, bytes, ret_id, err);
}
