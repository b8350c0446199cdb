/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys: accepted: private keys that may lie in the repository, each by its path and by what it is.
 */
#include "policy_keys.h"

#include <base/cleanup.h>
#include <stddef.h>
#include <string.h>

#define DIGEST_LEN 64
#define REASON_MIN 12

static enum assay_status
decode_digest(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **digest = where;
	const char *text;
	TRY(yaml_str(c, node, &text, err));
	if (strlen(text) != DIGEST_LEN || strspn(text, "0123456789abcdef") != DIGEST_LEN) {
		yaml_fail(c, node, err, "%s is a SHA-256: %d hex digits in lower case", node->key, DIGEST_LEN);
		return assay_error_todo(err, ASSAY_E_FORMAT, "take the one that the finding names");
	}
	*digest = text;
	return ASSAY_OK;
}

/* A pattern that begins with a wild card would be about whatever comes. */
static enum assay_status
decode_path(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **path = where;
	TRY(yaml_str(c, node, path, err));
	if ((*path)[strcspn(*path, "*?/")] == '/' || strpbrk(*path, "*?") == NULL)
		return ASSAY_OK;
	yaml_fail(c, node, err, "'%s' is about any file: an accepted key lies in a folder or in a file that the pattern names", *path);
	return assay_error_todo(err, ASSAY_E_FORMAT, "begin with the folder's name, as in 'tests/data/*.pem'");
}

static enum assay_status
decode_reason(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **reason = where;
	TRY(yaml_str(c, node, reason, err));
	if (strlen(*reason) < REASON_MIN)
		return yaml_fail(c, node, err, "a reason of %d letters at least says why this key may lie there", REASON_MIN);
	return ASSAY_OK;
}

static const struct yaml_field accepted_fields[] = {
	{ "path", true, offsetof(struct policy_accepted_key, path), decode_path },
	{ "public-key", false, offsetof(struct policy_accepted_key, public_key), decode_digest },
	{ "content", false, offsetof(struct policy_accepted_key, content), decode_digest },
	{ "reason", true, offsetof(struct policy_accepted_key, reason), decode_reason },
};

static enum assay_status
decode_accepted(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct policy *p = where;
	if (node->kind != YAML_SEQUENCE)
		return yaml_fail(c, node, err, "accepted is a list of keys");
	if (node->count > POLICY_ACCEPTED_KEYS_MAX)
		return yaml_fail(c, node, err, "at most %d accepted keys", POLICY_ACCEPTED_KEYS_MAX);
	p->accepted_keys = arena_array(c->arena, node->count + 1, sizeof *p->accepted_keys);
	if (p->accepted_keys == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		struct policy_accepted_key *k = &p->accepted_keys[p->accepted_key_count];
		*k = (struct policy_accepted_key){ .line = n->line };
		TRY(yaml_decode(c, n, accepted_fields, sizeof accepted_fields / sizeof accepted_fields[0], k, err));
		if ((k->public_key == NULL) == (k->content == NULL)) {
			yaml_fail(c, n, err, "an accepted key is told by its public key or by its content, by one of them");
			return assay_error_todo(err, ASSAY_E_FORMAT, "add 'public-key: SHA256', as the finding has it");
		}
		p->accepted_key_count++;
	}
	return ASSAY_OK;
}

enum assay_status
policy_decode_keys(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	static const struct yaml_field fields[] = { { "accepted", true, 0, decode_accepted } };
	return yaml_decode(c, node, fields, 1, where, err);
}
