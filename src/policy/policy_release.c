/* SPDX-License-Identifier: Apache-2.0 */
#include "policy_release.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <policy/id.h>
#include <stddef.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

const char *const release_scheme_names[RELEASE_SCHEMES] = { [ASSAY_TUF_ED25519] = "ed25519", [ASSAY_TUF_ECDSA_P256] = "ecdsa-p256",
	[ASSAY_TUF_ECDSA_P384] = "ecdsa-p384", [ASSAY_TUF_RSA_PSS_SHA256] = "rsa-pss-sha256", [ASSAY_TUF_RSA_PSS_SHA384] = "rsa-pss-sha384" };

void
policy_release_defaults(struct policy_release *ret_release)
{
	*ret_release = (struct policy_release){ .people = RELEASE_PEOPLE, .algorithms = RELEASE_ALGORITHMS_ALL, .verifier = "assay-verify",
		.keep_previous = 1, .at_rest_days = RELEASE_AT_REST_DAYS };
}

static enum assay_status
decode_people(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	uint32_t *people = where, n;
	TRY(yaml_u32(c, node, &n, err));
	if (n == 0 || n > RELEASE_PEOPLE_MAX)
		return yaml_fail(c, node, err, "people must be 1 to %u", RELEASE_PEOPLE_MAX);
	*people = n;
	return ASSAY_OK;
}

static enum assay_status
decode_kept(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	uint32_t *kept = where, n;
	TRY(yaml_u32(c, node, &n, err));
	if (n == 0 || n > RELEASE_KEPT_MAX)
		return yaml_fail(c, node, err, "keep-previous must be 1 to %u", RELEASE_KEPT_MAX);
	*kept = n;
	return ASSAY_OK;
}

static enum assay_status
decode_algorithms(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	unsigned *out = where, set = 0;
	if (node->kind != YAML_SEQUENCE || node->count == 0)
		return yaml_fail(c, node, err, "algorithms must be a list that isn't empty: [ed25519]");
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		size_t index;
		TRY(yaml_word(c, n, release_scheme_names, COUNT(release_scheme_names), &index, err));
		set |= 1u << index;
	}
	*out = set;
	return ASSAY_OK;
}

/* A path, or a pattern over paths, of the release. */
static enum assay_status
decode_path(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **out = where, *text;
	TRY(yaml_str(c, node, &text, err));
	if (text[0] != '/' && text[strlen(text) - 1] != '/' && strlen(text) <= TEXT_PATTERN_MAX) {
		*out = text;
		return ASSAY_OK;
	}
	yaml_fail(c, node, err, "'%s' is no path of a release", text);
	return assay_error_todo(err, ASSAY_E_FORMAT, "write 'var/log/**' for all below a folder");
}

static enum assay_status
decode_reason(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **out = where;
	TRY(yaml_str(c, node, out, err));
	if (strlen(*out) > RELEASE_REASON_MAX)
		return yaml_fail(c, node, err, "a reason has at most %d bytes", RELEASE_REASON_MAX);
	return ASSAY_OK;
}

static enum assay_status
decode_exclude(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "paths", true, offsetof(struct release_exclusion, paths), decode_path },
		{ "reason", true, offsetof(struct release_exclusion, reason), decode_reason },
	};
	struct policy_release *r = where;
	if (node->kind != YAML_SEQUENCE || node->count > RELEASE_EXCLUSIONS_MAX)
		return yaml_fail(c, node, err, "exclude must be a list of at most %d", RELEASE_EXCLUSIONS_MAX);
	r->exclusions = arena_array(c->arena, node->count + 1, sizeof r->exclusions[0]);
	if (r->exclusions == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		struct release_exclusion *x = &r->exclusions[r->exclusion_count++];
		*x = (struct release_exclusion){ .line = n->line };
		TRY(yaml_decode(c, n, fields, COUNT(fields), x, err));
	}
	return ASSAY_OK;
}

enum assay_status
policy_decode_release(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "products", false, offsetof(struct policy_release, products), policy_ids },
		{ "people", false, offsetof(struct policy_release, people), decode_people },
		{ "algorithms", false, offsetof(struct policy_release, algorithms), decode_algorithms },
		{ "target", false, offsetof(struct policy_release, target), decode_reason },
		{ "verifier", false, offsetof(struct policy_release, verifier), decode_path },
		{ "keep-previous", false, offsetof(struct policy_release, keep_previous), decode_kept },
		{ "exclude", false, 0, decode_exclude },
	};
	return yaml_decode(c, node, fields, COUNT(fields), where, err);
}
