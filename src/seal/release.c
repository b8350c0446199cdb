/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/canon.h>
#include <seal/release.h>
#include <string.h>

/* release.json first: what it names comes after it. */
const struct seal_part seal_parts[] = {
	{ SEAL_MANIFEST, "release/manifest" },
	{ "sbom.cdx.json", "release/sbom.cdx.json" },
	{ "provenance.json", "release/provenance.json" },
	{ "instructions.md", "release/instructions.md" },
};
const size_t seal_part_count = sizeof seal_parts / sizeof seal_parts[0];

#define NUMBER_MAX INT32_MAX

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory for a release");
}

enum assay_status
seal_check_word(const char *what, const char *word, bool colon, struct assay_error *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+~-";
	const size_t len = strlen(word);
	bool good = len > 0;
	for (size_t i = 0; i < len && good; i++)
		good = strchr(letters, word[i]) != NULL || (colon && word[i] == ':');
	if (!good) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' takes letters, digits and '.', '_', '+', '~', '-'%s, not '%s'", what,
		    colon ? ", ':'" : "", word);
		return assay_error_todo(err, ASSAY_E_USAGE, "it is what installed systems compare: a short name, without spaces");
	}
	if (len > ASSAY_RELEASE_WORD_MAX) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' has %zu characters, at most %d are taken", what, len, ASSAY_RELEASE_WORD_MAX);
		return assay_error_todo(err, ASSAY_E_USAGE, "shorten it");
	}
	return ASSAY_OK;
}

enum assay_status
seal_release_new(const struct seal_terms *terms, json_t **ret_document, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *document = NULL;
	TRY(seal_check_word("--product", terms->product, false, err));
	TRY(seal_check_word("--version", terms->version, true, err));
	if (terms->number < 1 || terms->number > NUMBER_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "'--number' lies between 1 and %d", NUMBER_MAX);
	if (terms->counter > NUMBER_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "'--counter' is at most %d", NUMBER_MAX);
	/* A delegated role's document has one form, whatever it speaks of. */
	TRY(trust_new(TRUST_POLICY, terms->repository, &document, err));
	if (json_object_set_new(json_object_get(document, "signed"), "version", json_integer((json_int_t)terms->number)) != 0)
		return no_memory(err);
	TRY(trust_set_expires(document, terms->expires, err));
	*ret_document = steal(&document);
	return ASSAY_OK;
}

static enum assay_status
add_target(json_t *document, const char *target, uint64_t length, const unsigned char sha256[ASSAY_SHA256_SIZE], json_t *custom,
    struct assay_error *err)
{
	json_t *one = json_pack("{s:{s:o}, s:I, s:o*}", "hashes", "sha256", canon_sha256(sha256), "length", (json_int_t)length, "custom", custom);
	if (json_object_set_new(json_object_get(json_object_get(document, "signed"), "targets"), target, one) != 0)
		return no_memory(err);
	trust_drop_signatures(document);
	return ASSAY_OK;
}

enum assay_status
seal_release_add(json_t *document, const char *target, uint64_t length, const unsigned char sha256[ASSAY_SHA256_SIZE],
    const struct seal_terms *terms, struct assay_error *err)
{
	json_t *custom = NULL;
	if (strcmp(target, seal_parts[0].target) == 0) {
		custom = json_pack("{s:s, s:s, s:I, s:s, s:s}", "product", terms->product, "version", terms->version, "counter",
		    (json_int_t)terms->counter, "commit", terms->commit, "tree", terms->tree);
		if (custom == NULL)
			return no_memory(err);
	}
	return add_target(document, target, length, sha256, custom, err);
}

enum assay_status
seal_release_fits(const json_t *document, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(TRUST_FILE_MAX);
	TRY(trust_signed(document, &bytes, err));
	if (bytes.len <= ASSAY_RELEASE_SIGNED_MAX)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_LIMIT, "what is to be signed has %zu bytes, and a token is given at most %d", bytes.len, ASSAY_RELEASE_SIGNED_MAX);
	return assay_error_todo(err, ASSAY_E_LIMIT, "shorten product, version or reason, or leave a file out");
}

/* Who verifies with little room shows it as it stands: nothing in it is escaped. */
static bool
is_reason(const char *reason)
{
	const size_t len = strlen(reason);
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)reason[i] < 0x20 || reason[i] == 0x7f || reason[i] == '"' || reason[i] == '\\')
			return false;
	}
	return len > 0 && len <= SEAL_REASON_MAX && text_is_utf8(assay_span_str(reason));
}

enum assay_status
seal_rollback_new(const struct seal_rollback *rollback, json_t **ret_document, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *document = NULL;
	unsigned char none[ASSAY_SHA256_SIZE];
	if (!is_reason(rollback->reason))
		return assay_fail(err, ASSAY_E_USAGE, "'--reason' wants a line of 1 to %d bytes, without '\"' and '\\'", SEAL_REASON_MAX);
	if (assay_sha256((struct assay_span){ NULL, 0 }, none) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "SHA-256 can't be computed");
	TRY(trust_new(TRUST_POLICY, rollback->repository, &document, err));
	/* Of two authorisations from the same release none is newer: what they let happen is all that there is to compare. */
	if (json_object_set_new(json_object_get(document, "signed"), "version", json_integer((json_int_t)rollback->from)) != 0)
		return no_memory(err);
	TRY(trust_set_expires(document, rollback->expires, err));
	json_t *custom = json_pack("{s:s, s:I, s:I, s:o, s:s}", "product", rollback->product, "from", (json_int_t)rollback->from, "to",
	    (json_int_t)rollback->to, "to-release", canon_sha256(rollback->to_release), "reason", rollback->reason);
	if (custom == NULL)
		return no_memory(err);
	TRY(add_target(document, "release/rollback", 0, none, custom, err));
	TRY(seal_release_fits(document, err));
	*ret_document = steal(&document);
	return ASSAY_OK;
}
