/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pack, read, parsed and judged again: what audit and report share.
 */
#pragma once

#include "cli.h"

#include <base/file.h>
#include <base/pool.h>
#include <judge/judge.h>
#include <report/pack.h>

/* Where a check leaves its pack unless told otherwise. */
#define REJUDGE_PACK "assay-report/pack.assay"

struct rejudge {
	struct arena *arena;
	struct pool *pool;
	unsigned threads; /* 0: one a core */
	struct file_view file;
	struct pack pack;
	const struct catalog *catalog;
	struct policy policy;
	struct roster roster;
	struct judge_input input;
	const struct verdicts *verdicts; /* as of the pack's date, by the maker's policy */
};

void rejudge_done(struct rejudge *r);
/* Maps the pack; errors are about the file itself (absent, too large). */
ASSAY_MUST_USE enum assay_status rejudge_open(const struct cli *cli, const char *path,
    struct rejudge *r, struct assay_error *err);
/* Reads and parses; input is what to judge. */
ASSAY_MUST_USE enum assay_status rejudge_read(struct rejudge *r, struct assay_error *err);
/* The same, and judges. ASSAY_E_VERIFY or ASSAY_E_FORMAT: the pack is altered or no pack. */
ASSAY_MUST_USE enum assay_status rejudge_run(struct rejudge *r, struct assay_error *err);
/*
 * Likewise, for what it holds of code: a pack of a check that wasn't asked for findings has the evidence all the same, and is judged once
 * more for them. ASSAY_E_NOT_FOUND: no analysis, or with findings none of these, for want of other evidence that they take;
 * *ret_verdicts is NULL then.
 */
ASSAY_MUST_USE enum assay_status rejudge_code(struct rejudge *r, bool findings, const struct verdicts **ret_verdicts, struct assay_error *err);
/* The fingerprint of the key that signed the pack, or NULL. */
const char *rejudge_signer(const struct rejudge *r);
