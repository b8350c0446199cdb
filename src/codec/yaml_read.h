/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the two ways of reading YAML. */
#pragma once

#include <codec/yaml.h>

struct fy_diag;
struct fy_parser;

struct yaml_anchor {
	struct assay_span name;
	const struct yaml_node *node;
};

/* What only yaml_parse_loose() needs. */
struct yaml_loose {
	struct yaml_anchor *anchors;
	size_t count;
};

struct yaml_reader {
	const char *name;
	struct arena *arena;
	struct assay_error *err;
	struct fy_diag *diag;
	struct fy_parser *parser;
	struct assay_span bytes;
	size_t nodes;
	struct yaml_loose *loose; /* NULL: strict */
};

enum assay_status yaml_fail_at(const struct yaml_reader *r, unsigned line, unsigned column, const char *what);
/* One more node; ASSAY_E_LIMIT when there are too many. */
enum assay_status yaml_count_node(struct yaml_reader *r);
/* The values of a mapping, sorted by key and place. */
enum assay_status yaml_sorted(const struct yaml_reader *r, const struct yaml_node *mapping,
    const struct yaml_node ***ret_sorted);

enum assay_status yaml_loose_anchor(const struct yaml_reader *r, struct assay_span name, const struct yaml_node *node);
/* A copy of what was last called name, which will stand at this depth. */
enum assay_status yaml_loose_alias(struct yaml_reader *r, struct assay_span name, unsigned line, unsigned column,
    size_t depth, struct yaml_node **ret_node);
/* Puts the merged keys in place of "<<". */
enum assay_status yaml_loose_merge(const struct yaml_reader *r, struct yaml_node *mapping);
