/* SPDX-License-Identifier: Apache-2.0 */
/*
 * release: of assay/policy.yaml: what is asked of releases.
 */
#pragma once

#include <assay/tuf.h>
#include <codec/yaml.h>

/* People who must have signed a release, and how old the check of the maker's own systems may grow, where the policy doesn't say. */
#define RELEASE_PEOPLE 2u
#define RELEASE_PEOPLE_MAX 32u
#define RELEASE_AT_REST_DAYS 31u
#define RELEASE_EXCLUSIONS_MAX 200
#define RELEASE_KEPT_MAX 16u
#define RELEASE_REASON_MAX 400

/* Files of a release that needn't be in its manifest. */
struct release_exclusion {
	const char *paths;  /* pattern over whole paths of the release */
	const char *reason;
	unsigned line;
};

struct policy_release {
	struct yaml_strings products;  /* empty: any */
	uint32_t people;
	unsigned algorithms;           /* bits 1 << enum assay_tuf_scheme */
	const char *target;            /* the product's own updater or boot check, by name: drills must have tried it; NULL: none is named */
	const char *verifier;          /* path in the release of what operators verify with */
	uint32_t keep_previous;        /* earlier releases that must still be there */
	uint32_t at_rest_days;         /* ages: at-rest */
	struct release_exclusion *exclusions;
	size_t exclusion_count;
};

#define RELEASE_ALGORITHMS_ALL 0x1fu
#define RELEASE_SCHEMES 5
/* In the order of enum assay_tuf_scheme: "ed25519", "ecdsa-p256", ... */
extern const char *const release_scheme_names[RELEASE_SCHEMES];

void policy_release_defaults(struct policy_release *ret_release);
