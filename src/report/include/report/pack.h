/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pack: one plain pax tar with the evidence, the policy and the verdicts; its first member, index.dsse, names all others by digest.
 *
 * Members, sorted: index.dsse · evidence.json · policy/policy.yaml · policy/roster.yaml · the evidence's raw members · verdicts.json.
 * index.dsse is a DSSE envelope in canonical JSON; its payload, canonical JSON too, is an in-toto Statement v1 (subjects:
 * members with sha256, sorted) of predicate type "urn:assay:pack:1": {"assay-pack": 1, "subject", "date" (the only date), "date-given",
 * "program" (version), "require", "root" (fingerprint, when one was pinned), "signer": {"ed25519": base64} when signed}. The keyid is the key's SSH fingerprint. Schema: schemas/pack-index.json.
 */
#pragma once

#include <evidence/evidence.h>
#include <judge/judge.h>
#include <trust/signer.h>

#define PACK_VERSION 1
#define PACK_SIZE_MAX (4ull << 30)

struct pack_content {
	const struct judge_input *input;    /* evidence sealed, members with bytes */
	const struct verdicts *verdicts;
	struct assay_span policy_yaml;      /* data NULL: absent */
	struct assay_span roster_yaml;
};

/* Appends the whole pack to out. signer NULL: the index has no signature, and says so when audited. */
ASSAY_MUST_USE enum assay_status pack_write(const struct pack_content *content, struct signer *signer,
    struct buf *out, struct assay_error *err);
/*
 * Writes it to a file below dirfd, whole or not at all, without a second copy in memory; mode as open(2). ret_sha256 is the
 * file's digest.
 */
ASSAY_MUST_USE enum assay_status pack_write_file(const struct pack_content *content,
    struct signer *signer, int dirfd, const char *path, unsigned mode,
    unsigned char ret_sha256[ASSAY_SHA256_SIZE], struct assay_error *err);

enum pack_signature { PACK_UNSIGNED, PACK_SIGNED, PACK_SIGNATURE_BAD };

struct pack {
	const char *subject;
	const char *program;                /* version of the assay that made it, as it says */
	int64_t date;
	struct evidence_set evidence;       /* members joined, facts not parsed yet */
	struct assay_span policy_yaml, roster_yaml;
	struct assay_span verdicts_json;    /* canonical, as the maker's run said */
	const char *const *require;
	size_t require_count;
	const char *root;                   /* that the maker pinned, or NULL */
	bool date_given;
	enum pack_signature signature;
	const char *signature_fault;        /* when PACK_SIGNATURE_BAD: one clause for people */
	char signer_fingerprint[51];        /* of the key that signed, when PACK_SIGNED */
	unsigned char signer_key[32];
};

/*
 * Reads and checks: tar canonical, index first, its members exactly those present with those digests. ASSAY_E_VERIFY names the member
 * that is altered, missing or extra. The key inside the envelope says who signed, not whether they may.
 */
ASSAY_MUST_USE enum assay_status pack_read(struct assay_span bytes, struct arena *arena,
    struct pack *ret_pack, struct assay_error *err);
