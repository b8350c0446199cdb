/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where HEAD is, as the members "…/format" and "…/head" of several kinds say it: "sha1" or "sha256"; and "NAME SP ID", where a
 * branch without a commit has no id, and "detached" stands for a name.
 */
#pragma once

#include <codec/gitobj.h>
#include <evidence/evidence.h>

struct head {
	enum oid_algo algo;
	const char *ref; /* NULL when detached */
	bool has_id;     /* false: no commit yet */
	struct oid id;
};

/* ASSAY_E_FORMAT when a member is absent or malformed. */
ASSAY_MUST_USE enum assay_status head_read(const struct evidence *raw, const char *format_member,
    const char *head_member, struct arena *arena, struct head *ret_head, struct assay_error *err);
/* The member's bytes; ASSAY_E_FORMAT when there is none. */
ASSAY_MUST_USE enum assay_status member_text(const struct evidence *raw, const char *name,
    struct assay_span *ret_bytes, struct assay_error *err);
