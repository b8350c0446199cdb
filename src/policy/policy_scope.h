/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <policy/policy.h>

/* Decoders of struct policy: what feeds a release from outside. */
enum assay_status policy_decode_suppliers(const struct yaml_context *c, const struct yaml_node *node,
    void *where, struct assay_error *err);
enum assay_status policy_decode_repositories(const struct yaml_context *c, const struct yaml_node *node,
    void *where, struct assay_error *err);
enum assay_status policy_decode_images(const struct yaml_context *c, const struct yaml_node *node,
    void *where, struct assay_error *err);
enum assay_status policy_decode_dependencies(const struct yaml_context *c, const struct yaml_node *node,
    void *where, struct assay_error *err);
