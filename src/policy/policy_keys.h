/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of policy.yaml about private keys that may lie in the repository.
 */
#pragma once

#include <policy/policy.h>

/* where: the struct policy. */
enum assay_status policy_decode_keys(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err);
