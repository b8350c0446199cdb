/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay/policy.yaml: what is in scope, from when, how strict.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <codec/yaml.h>
#include <policy/release.h>
#include <stdbool.h>
#include <stdint.h>

#define POLICY_VERSION 1
#define POLICY_PATH "assay/policy.yaml"

/* How old the review of the access register may grow when the policy doesn't say: a quarter. */
#define ACCESS_REVIEW_DAYS 92
/* Likewise how old a key may grow: three years. */
#define KEY_ROTATION_DAYS 1096

/* What a signature by a forge's key is worth. */
enum platform_rule {
	PLATFORM_REFUSE, /* not a person: a gap */
	PLATFORM_MERGES, /* accepted on merge commits alone */
	PLATFORM_ACCEPT,
};

/* What a document is for. */
enum policy_document_kind {
	DOCUMENT_ENVIRONMENT, /* the security policy of the development environment */
	DOCUMENT_CODING,
	DOCUMENT_RELEASE,
	DOCUMENT_KEYS,
	DOCUMENT_OTHER,
};

/* A document of the maker's, in the repository. What isn't stated is NULL or WHEN_MIN. */
struct policy_document {
	const char *path;            /* in the repository, without "..", not absolute */
	enum policy_document_kind kind;
	const char *language;        /* "en", "de", ... */
	const char *version;
	struct yaml_strings approved_by; /* ids of the roster */
	int64_t approved_on;
	int64_t review_by;           /* the day itself still counts */
	unsigned line;               /* in policy.yaml */
};

#define POLICY_DOCUMENTS_MAX 64

/* Where a change names the request that it is for. */
enum change_where { CHANGE_NOWHERE, CHANGE_SUBJECT, CHANGE_BODY, CHANGE_BRANCH, CHANGE_TRAILER };

struct policy_changes {
	enum change_where where; /* CHANGE_NOWHERE: the policy doesn't say */
	const char *trailer;     /* of CHANGE_TRAILER: its name */
	const char *pattern;     /* base/ere.h; one that compiles, and that the empty text doesn't match */
};

/* Patterns, and whether the key is there at all: an empty list says something, too. */
struct policy_names {
	struct yaml_strings list;
	bool stated;
};

/* A private key that may lie in the repository: by its path and by what it is, one of the two digests. */
struct policy_accepted_key {
	const char *path;       /* a pattern that begins with a name */
	const char *public_key; /* hex SHA-256 of its SubjectPublicKeyInfo, or NULL */
	const char *content;    /* hex SHA-256 of what holds it, where no public part is told; or NULL */
	const char *reason;
	unsigned line;
};
#define POLICY_ACCEPTED_KEYS_MAX 1000

struct policy {
	const char *repository_id;     /* 32 lower-case hex digits; NULL until init wrote one */
	struct yaml_strings branches;  /* patterns over full ref names; default: all of refs/heads/ */
	struct yaml_strings tags;      /* default: all of refs/tags/ */
	struct yaml_strings release_branches; /* full ref names; empty: the branch HEAD names */
	struct policy_names suppliers; /* scope: hosts that downloads and packages come from */
	struct policy_names repositories; /* scope: "github.com/owner/name" */
	struct policy_names images;    /* scope: "docker.io/library/debian" */
	struct policy_names sources;   /* dependencies: sources: addresses that packages may come from */
	struct yaml_strings cut_over;  /* full hex ids of commits and tag objects */
	struct policy_document *documents;
	size_t document_count;
	uint32_t skew_seconds;         /* allowed clock difference, default 300 */
	enum platform_rule platform;   /* default PLATFORM_REFUSE */
	uint32_t key_rotation_days;    /* ages: key-rotation; default KEY_ROTATION_DAYS */
	uint32_t access_review_days;   /* ages: access-review; default ACCESS_REVIEW_DAYS */
	bool own_review;               /* access: reviewer: anyone; who holds a right may be the only one who reviewed it */
	unsigned owner_forges;         /* owners: forges; bits 1 << enum owners_dialect; 0: told from the tree */
	struct yaml_strings owned_paths; /* owners: paths; patterns over paths that must have an owner, beside the built-in ones */
	const char *exception_role;    /* who approves exceptions; NULL: nobody */
	uint32_t exception_days;       /* longest that one may still run, default 365 */
	struct policy_changes changes;
	struct policy_accepted_key *accepted_keys;
	size_t accepted_key_count;
	const char *review_role;       /* who reviews for security; NULL: the policy doesn't say */
	struct policy_release release;
	bool present;                  /* false: these are the defaults, there is no file */
};

/* The defaults, for a repository without a policy. */
void policy_defaults(struct policy *ret_policy);
/* name stands in errors. ASSAY_E_VERSION for a newer format. Strings live in arena. */
ASSAY_MUST_USE enum assay_status policy_parse(struct assay_span yaml, const char *name,
    struct arena *arena, struct policy *ret_policy, struct assay_error *err);
const char *policy_document_kind_name(enum policy_document_kind kind);
