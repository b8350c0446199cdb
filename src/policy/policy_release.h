/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of policy.yaml that says what is asked of releases. where is the struct policy_release.
 */
#pragma once

#include <policy/release.h>

enum assay_status policy_decode_release(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err);
