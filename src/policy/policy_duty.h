/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of policy.yaml that say what people owe: how often they look, who owns what, how a change is named.
 * where is the struct policy.
 */
#pragma once

#include <policy/policy.h>

enum assay_status policy_decode_ages(const struct yaml_context *c, const struct yaml_node *node,
    void *where, struct assay_error *err);
enum assay_status policy_decode_access(const struct yaml_context *c, const struct yaml_node *node,
    void *where, struct assay_error *err);
enum assay_status policy_decode_owners(const struct yaml_context *c, const struct yaml_node *node,
    void *where, struct assay_error *err);
enum assay_status policy_decode_changes(const struct yaml_context *c, const struct yaml_node *node,
    void *where, struct assay_error *err);
enum assay_status policy_decode_reviews(const struct yaml_context *c, const struct yaml_node *node,
    void *where, struct assay_error *err);
