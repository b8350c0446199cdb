/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/yaml.h>

#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct yaml_node *n, unsigned depth)
{
	size_t count = 0;
	if (depth > YAML_DEPTH_MAX + 1 || n->line == 0)
		__builtin_trap();
	if (n->kind == YAML_SCALAR) {
		if (strlen(n->text) != n->text_len || !text_is_utf8(assay_span_str(n->text)))
			__builtin_trap();
		return;
	}
	for (const struct yaml_node *c = n->first; c != NULL; c = c->next) {
		if ((n->kind == YAML_MAPPING) != (c->key != NULL))
			__builtin_trap();
		check(c, depth + 1);
		count++;
	}
	if (count != n->count)
		__builtin_trap();
}

static void
check_all(const struct yaml_node *first)
{
	for (const struct yaml_node *n = first; n != NULL; n = n->next)
		check(n, 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct yaml_node *root = NULL;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	if (yaml_parse_loose((struct assay_span){ data, size }, "fuzz", arena, &root, &err) == ASSAY_OK)
		check_all(root);
	else if (root != NULL || err.what[0] == '\0')
		__builtin_trap();
	return 0;
}
