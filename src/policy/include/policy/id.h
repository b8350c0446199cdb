/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ids of people and things, as every record of the policy folder writes them.
 */
#pragma once

#include <codec/yaml.h>

#define POLICY_ID_MAX 64

/* const char *: letters, digits and '.', '_', '@', '+', '-'. */
enum assay_status policy_id(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err);
/* struct yaml_strings of such ids, or one id alone. */
enum assay_status policy_ids(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err);
/* Room for the entries, of size bytes each, of the list that root has under key: at most most; none when there is no such key. */
enum assay_status policy_list(const struct yaml_context *c, const struct yaml_node *root, const char *key,
    size_t most, size_t size, void **ret_items, size_t *ret_count, struct assay_error *err);
