/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.yaml's list of documents.
 */
#pragma once

#include <policy/policy.h>

/* where: the struct policy. */
enum assay_status policy_decode_documents(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err);
