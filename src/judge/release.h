/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The release that the judges of seal.* look at, and what they share.
 */
#pragma once

#include "standing.h"

#include <evidence/release.h>
#include <evidence/reltree.h>

struct release_base {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct release_seals *all;
	const struct release_seal *seal;   /* the one that is judged */
	const struct authority *now;       /* who may decide at HEAD; NULL: nobody said */
	const struct policy_release *policy;
	struct assay_error *err;
};

/* The row has RELEASE_SEAL_KIND among its kinds. */
void release_base_of(const struct judge_context *c, struct control_verdict *v, struct release_base *ret_base, struct assay_error *err);
/*
 * The same for a row of RELEASE_RECORDS_KIND alone: what a record shows was demonstrated, and which release it is about is read out of the
 * seal. *ret_given is false, and v unknown, when there is no seal that can be read.
 */
void release_base_of_records(const struct judge_context *c, struct control_verdict *v, struct release_base *ret_base, bool *ret_given,
    struct assay_error *err);
/*
 * What a control about the content of a release needs first: *ret_holds is false, with an open question, where the judged release isn't
 * what enough people of the pinned authority signed. seal.signed says what is wrong with it.
 */
ASSAY_MUST_USE enum assay_status release_must_hold(const struct release_base *b, bool *ret_holds);
/* Whether a seal's chain begins at the pinned root; true where none is pinned, for then nothing passes. */
bool release_root_fits(const struct release_base *b, const struct release_seal *s);
/* What looking at the release found, by its number among those given; NULL: nobody looked. */
const struct release_look *release_look_of(const struct release_base *b, size_t number);
/* SHA-256, in hex, of the verifier that the judged release holds where the policy says; NULL: it holds none, or its manifest isn't there. */
ASSAY_MUST_USE enum assay_status release_verifier(const struct release_base *b, const char **ret_digest);
/* As manifests spell it, which is fit for terminals, too. */
const char *release_spelled(struct arena *arena, struct assay_span path);
/* "pump 2.1.0 (release 12)" */
const char *release_title(const struct release_base *b, const struct release_seal *s);
