/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What access.register and access.actual share: the register, and when a review of it is due.
 */
#pragma once

#include "record.h"

#include <policy/access.h>

/* Bits of rights. */
#define RIGHT_WRITE (1u << 1)
#define RIGHT_APPROVE (1u << 2)
#define RIGHT_ADMINISTER (1u << 3)
#define RIGHT_SIGN (1u << 4)

/* Reads the register and asks for a roster; *ret_read false: v has an open question already. */
ASSAY_MUST_USE enum assay_status access_read(const struct judge_context *c, struct control_verdict *v,
    struct access_list *ret_access, bool *ret_read, struct assay_error *err);
/* Whether the grant holds at that time. */
bool access_holds(const struct access_grant *g, int64_t at);
/* Whether the review is older than the policy lets it grow. */
bool access_is_overdue(const struct judge_context *c, const struct access_review *review);
/* Jobs that deploy, though no service is listed with the right to. */
ASSAY_MUST_USE enum assay_status access_deployments(const struct judge_context *c, struct control_verdict *v,
    const struct access_list *a, struct assay_error *err);
