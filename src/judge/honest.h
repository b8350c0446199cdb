/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of repo.honest-time, and what they share.
 */
#pragma once

#include "scope.h"
#include "standing.h"

#include <judge/outcome.h>

struct honest {
	const struct judge_context *c;
	struct control_verdict *v;
	const struct history *h;
	const struct scope *scope;
	struct signers signers;
	struct assay_error *err;
	uint32_t skew;
	int64_t day_end;      /* first second after the judge's day */
	const int64_t *times; /* of each commit: what later ones are held against (see dates.c) */
	const uint32_t *latest; /* of each commit: who claimed that time, itself or an ancestor; HISTORY_NONE for nobody */
	uint64_t edges, entered;
};

/* True when a is later than b by more than skew seconds; no sum that could overflow. */
bool honest_later(int64_t a, int64_t b, uint32_t skew);
/* The outcome of a signature at its claimed time, by the rules that the commit or tag is judged by. */
void honest_commit_outcome(const struct honest *s, uint32_t commit, struct outcome_detail *ret_detail);
void honest_tag_outcome(const struct honest *s, uint32_t tag, struct outcome_detail *ret_detail);
/* Commits against their parents and against the judge's day; fills s->times. */
ASSAY_MUST_USE enum assay_status honest_dates(struct honest *s);
/*
 * Whether a signature of this outcome stands by its claim alone although the key is retired. When it was really made nobody but the key's
 * holder knows.
 */
bool honest_leans_on_retired(const struct outcome_detail *d);
/* Commits under a retired key: who else had built on them when it was retired? */
ASSAY_MUST_USE enum assay_status honest_entries(struct honest *s);
/* Annotated tags against what they name, their tagger and the judge's day. */
ASSAY_MUST_USE enum assay_status honest_tags(struct honest *s);
