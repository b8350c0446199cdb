/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/id.h>

#include <base/cleanup.h>
#include <string.h>

#define IDS_MAX 500

enum assay_status
policy_id(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@+-";
	const char **id = where;
	TRY(yaml_str(c, node, id, err));
	if (node->text_len > POLICY_ID_MAX || node->text[strspn(node->text, allowed)] != '\0')
		return yaml_fail(c, node, err,
		    "an id has at most %d letters, digits and '.', '_', '@', '+', '-'", POLICY_ID_MAX);
	return ASSAY_OK;
}

enum assay_status
policy_ids(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	struct yaml_strings *out = where;
	struct yaml_strings ids = { 0 };
	const bool list = node->kind == YAML_SEQUENCE;
	if (list && (node->count == 0 || node->count > IDS_MAX))
		return yaml_fail(c, node, err, "%s must name one to %d", node->key != NULL ? node->key : "the list",
		    IDS_MAX);
	ids.items = arena_array(c->arena, list ? node->count : 1, sizeof *ids.items);
	if (ids.items == NULL)
		return arena_full(err);
	if (!list)
		TRY(policy_id(c, node, &ids.items[ids.count++], err));
	for (const struct yaml_node *n = list ? node->first : NULL; n != NULL; n = n->next)
		TRY(policy_id(c, n, &ids.items[ids.count++], err));
	*out = ids;
	return ASSAY_OK;
}

enum assay_status
policy_list(const struct yaml_context *c, const struct yaml_node *root, const char *key, size_t most,
    size_t size, void **ret_items, size_t *ret_count, struct assay_error *err)
{
	const struct yaml_node *list = yaml_get(root, key);
	*ret_count = 0;
	if (list != NULL && list->kind != YAML_SEQUENCE)
		return yaml_fail(c, list, err, "%s must be a list", key);
	if (list != NULL && list->count > most)
		return yaml_fail(c, list, err, "%s has more than %zu entries", key, most);
	*ret_count = list != NULL ? list->count : 0;
	*ret_items = arena_array(c->arena, *ret_count + 1, size);
	return *ret_items != NULL ? ASSAY_OK : arena_full(err);
}
