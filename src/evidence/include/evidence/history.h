/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kind "git-history": commits and annotated tags with their signatures, and the refs that lead to them.
 *
 * Members: git/format ("sha1" or "sha256", LF) · git/head ("NAME SP OID LF", NAME the ref or "detached", "SP OID" left out when
 * there is no commit yet; HEAD's commit and its ancestors are among the objects) · git/refs (lines "OID SP NAME LF", sorted by name) · git/objects (cat-file batch stream of commits and tags, sorted by id) · git/shallow (ids, LF each) ·
 * git/absent (ids that were asked for and not to be had, LF each). All six are there, empty when there is nothing to say.
 */
#pragma once

#include <assay/sshsig.h>
#include <codec/gitobj.h>
#include <evidence/evidence.h>
#include <evidence/places.h>

#define HISTORY_KIND "git-history"
#define HISTORY_NONE UINT32_MAX
#define HISTORY_OBJECTS_MAX 4000000
#define HISTORY_REFS_MAX 2000000

enum sig_format { SIG_NONE, SIG_SSH, SIG_OPENPGP, SIG_X509, SIG_UNKNOWN };
/* The signature's arithmetic alone: whose key it is and when, is the judge's. */
enum sig_result { SIG_UNSIGNED, SIG_VALID, SIG_BAD, SIG_UNSUPPORTED };
enum sig_code {
	SIG_CODE_NONE,
	SIG_CODE_MALFORMED,      /* armor or structure */
	SIG_CODE_TWO_HEADERS,    /* more than one signature */
	SIG_CODE_WRONG_HEADER,   /* header of the other hash algorithm */
	SIG_CODE_NAMESPACE,      /* not "git" */
	SIG_CODE_MISMATCH,       /* does not verify over these bytes */
	SIG_CODE_WEAK_KEY,
	SIG_CODE_CA_MISMATCH,    /* certificate's own signature does not verify */
	SIG_CODE_FORMAT,         /* OpenPGP or X.509: not verified by this version */
	SIG_CODE_KEY_TYPE,       /* SSH key type not handled */
	SIG_CODE_TRAILING,       /* bytes after the signature */
};

struct history_signature {
	enum sig_format format;
	enum sig_result result;
	enum sig_code code;
	uint32_t key;          /* index into keys, HISTORY_NONE when unreadable */
	struct assay_sk_info sk;
};

/* A distinct key field as it stands in signatures: a plain key or a certificate. */
struct history_key {
	struct assay_span field;
	struct assay_span plain;         /* plain blob of the (certified) key */
	enum assay_key_type type;
	char fingerprint[ASSAY_FINGERPRINT_SIZE];
	bool by_certificate;
	struct assay_sshcert cert;       /* when by_certificate; its CA signature is checked with each signature */
	char ca_fingerprint[ASSAY_FINGERPRINT_SIZE];
};

struct history_commit {
	struct oid id;
	struct oid tree;               /* zero when malformed */
	int64_t author_time;
	int64_t time;                  /* committer's */
	struct assay_span email;       /* committer's */
	struct assay_span author_email;
	struct assay_span message;     /* as committed, of any encoding */
	const uint32_t *parents;       /* indices into commits, HISTORY_NONE where absent */
	uint32_t parent_count;
	bool malformed;                /* header could not be parsed: why says how; parents are read all the same */
	const char *why;
	struct history_signature signature;
};

struct history_tag {
	struct oid id;
	struct oid target;
	enum git_type target_type;
	uint32_t target_index;         /* commits when target_type is GIT_COMMIT, tags when GIT_TAG */
	struct assay_span name;
	bool has_tagger;
	int64_t time;
	struct assay_span email;
	bool malformed;                /* target is read all the same; target_type is GIT_BLOB where that failed too */
	const char *why;
	struct history_signature signature;
};

struct history_ref {
	const char *name;
	struct oid id;
	uint32_t commit;               /* index or HISTORY_NONE */
	uint32_t tag;                  /* index or HISTORY_NONE: the ref names an annotated tag */
};

struct history {
	enum oid_algo algo;
	const char *head;              /* ref that HEAD names, NULL when detached */
	struct oid head_id;            /* valid when has_head */
	bool has_head;                 /* false: no commit yet */
	struct history_commit *commits; /* sorted by id */
	uint32_t commit_count;
	struct history_tag *tags;      /* sorted by id */
	uint32_t tag_count;
	struct history_ref *refs;      /* sorted by name */
	uint32_t ref_count;
	struct history_key *keys;
	uint32_t key_count;
	struct oid *shallow;
	uint32_t shallow_count;
	struct oid *absent;
	uint32_t absent_count;
	uint32_t verified_now;         /* signatures whose arithmetic was done now, not looked up; no fact: see memo.h */
	struct oid_index by_commit, by_tag;
};

/*
 * Pure: every object is hashed again; one whose id differs makes the whole parse ASSAY_E_VERIFY
 * (the probe leaves such objects out and lists them in the clone's facts). Missing parents are not an error: they are HISTORY_NONE.
 * A memo spares the arithmetic of signatures; and the hashing, when the same stream, by its SHA-256, was hashed before.
 */
ASSAY_MUST_USE enum assay_status history_parse(const struct evidence *raw,
    const struct parse_context *c, const void **ret_facts, struct assay_error *err);
/* Index of the commit or tag, or HISTORY_NONE. */
uint32_t history_find_commit(const struct history *h, const struct oid *id);
uint32_t history_find_tag(const struct history *h, const struct oid *id);
const char *sig_format_name(enum sig_format f); /* "SSH", "OpenPGP", ... */
const char *sig_code_name(enum sig_code c);     /* "bad-namespace", ... */
