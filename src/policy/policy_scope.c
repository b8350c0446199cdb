/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What from outside feeds a release: scope's suppliers, repositories and images, and where packages may come from.
 */
#include "policy_scope.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <stddef.h>

static enum assay_status
decode_patterns(const struct yaml_context *c, const struct yaml_node *node, struct policy_names *ret_names,
    struct assay_error *err)
{
	struct yaml_strings names;
	TRY(yaml_str_list(c, node, &names, err));
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		if (n->text_len > TEXT_PATTERN_MAX)
			return yaml_fail(c, n, err, "a pattern in %s has more than %d bytes", node->key, TEXT_PATTERN_MAX);
	}
	*ret_names = (struct policy_names){ names, true };
	return ASSAY_OK;
}

/* Names without a scheme: a pattern with one would never match, and look as if it did. */
static enum assay_status
decode_names(const struct yaml_context *c, const struct yaml_node *node, struct policy_names *ret_names,
    struct assay_error *err)
{
	TRY(decode_patterns(c, node, ret_names, err));
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		if (strstr(n->text, "://") == NULL)
			continue;
		yaml_fail(c, n, err, "'%s' in %s is an address", n->text, node->key);
		return assay_error_todo(err, ASSAY_E_FORMAT, "write the name without a scheme, as in 'github.com/owner/name'");
	}
	return ASSAY_OK;
}

enum assay_status
policy_decode_suppliers(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct policy *p = where;
	return decode_names(c, node, &p->suppliers, err);
}

enum assay_status
policy_decode_repositories(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct policy *p = where;
	return decode_names(c, node, &p->repositories, err);
}

enum assay_status
policy_decode_images(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct policy *p = where;
	return decode_names(c, node, &p->images, err);
}

static enum assay_status
decode_sources(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct policy *p = where;
	TRY(decode_patterns(c, node, &p->sources, err));
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		if (strstr(n->text, "://") != NULL)
			continue;
		yaml_fail(c, n, err, "'%s' in %s is no address", n->text, node->key);
		return assay_error_todo(err, ASSAY_E_FORMAT, "write it with its scheme, as in 'https://registry.npmjs.org/**'");
	}
	return ASSAY_OK;
}

enum assay_status
policy_decode_dependencies(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	static const struct yaml_field fields[] = { { "sources", false, 0, decode_sources } };
	return yaml_decode(c, node, fields, 1, where, err);
}
