/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/policy.h>

#include "documents.h"
#include "policy_duty.h"
#include "policy_keys.h"
#include "policy_release.h"
#include "policy_scope.h"

#include <base/cleanup.h>
#include <stddef.h>

#define SKEW_DEFAULT 300
#define EXCEPTION_DAYS_MAX 1096
#define SKEW_MAX 86400
#define REPOSITORY_ID_LEN 32

static const char *default_branches[] = { "refs/heads/**" };
static const char *default_tags[] = { "refs/tags/**" };

/* In the order of enum platform_rule. */
static const char *const platform_words[] = { "refuse", "merges", "accept" };

void
policy_defaults(struct policy *ret_policy)
{
	*ret_policy = (struct policy){
		.branches = { default_branches, 1 },
		.tags = { default_tags, 1 },
		.skew_seconds = SKEW_DEFAULT, .exception_days = 365,
		.platform = PLATFORM_REFUSE,
		.access_review_days = ACCESS_REVIEW_DAYS, .key_rotation_days = KEY_ROTATION_DAYS,
	};
	policy_release_defaults(&ret_policy->release);
}

static bool
is_lower_hex(const char *text)
{
	return text[strspn(text, "0123456789abcdef")] == '\0';
}

static enum assay_status
decode_repository_id(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	struct policy *p = where;
	const char *id;
	TRY(yaml_str(c, node, &id, err));
	if (strlen(id) != REPOSITORY_ID_LEN || !is_lower_hex(id)) {
		yaml_fail(c, node, err, "repository-id must be 32 hex digits in lower case");
		return assay_error_todo(err, ASSAY_E_FORMAT,
		    "take the one that 'assay init' wrote");
	}
	p->repository_id = id;
	return ASSAY_OK;
}

/* A list whose items all begin with prefix; wild cards only where they are patterns. */
static enum assay_status
decode_refs(const struct yaml_context *c, const struct yaml_node *node, const char *prefix,
    bool patterns, struct yaml_strings *ret_refs, struct assay_error *err)
{
	struct yaml_strings refs;
	TRY(yaml_str_list(c, node, &refs, err));
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		if (strncmp(n->text, prefix, strlen(prefix)) != 0 || n->text[strlen(prefix)] == '\0') {
			yaml_fail(c, n, err, "'%s' in %s doesn't begin with '%s'", n->text, node->key,
			    prefix);
			return assay_error_todo(err, ASSAY_E_FORMAT,
			    "write the full name, as in '%smain'", prefix);
		}
		if (!patterns && strpbrk(n->text, "*?") != NULL)
			return yaml_fail(c, n, err, "%s are full names, not patterns", node->key);
	}
	*ret_refs = refs;
	return ASSAY_OK;
}

static enum assay_status
decode_branches(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	struct policy *p = where;
	TRY(decode_refs(c, node, "refs/heads/", true, &p->branches, err));
	if (p->branches.count > 0)
		return ASSAY_OK;
	yaml_fail(c, node, err, "branches is empty: nothing would be in scope");
	return assay_error_todo(err, ASSAY_E_FORMAT,
	    "name a pattern, or leave the key out for all branches");
}

static enum assay_status
decode_tags(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	struct policy *p = where;
	return decode_refs(c, node, "refs/tags/", true, &p->tags, err);
}

static enum assay_status
decode_release_branches(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	struct policy *p = where;
	return decode_refs(c, node, "refs/heads/", false, &p->release_branches, err);
}

static const struct yaml_field scope_fields[] = {
	{ "branches", false, 0, decode_branches },
	{ "tags", false, 0, decode_tags },
	{ "release-branches", false, 0, decode_release_branches },
	{ "suppliers", false, 0, policy_decode_suppliers },
	{ "repositories", false, 0, policy_decode_repositories },
	{ "images", false, 0, policy_decode_images },
};

static enum assay_status
decode_scope(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	return yaml_decode(c, node, scope_fields, sizeof scope_fields / sizeof scope_fields[0],
	    where, err);
}

static enum assay_status
decode_cut_over(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	struct policy *p = where;
	struct yaml_strings ids;
	TRY(yaml_str_list(c, node, &ids, err));
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		bool whole = n->text_len == 40 || n->text_len == 64;
		if (whole && is_lower_hex(n->text))
			continue;
		yaml_fail(c, n, err, "'%s' in cut-over isn't a full object id", n->text);
		return assay_error_todo(err, ASSAY_E_FORMAT,
		    "write all 40 or 64 hex digits in lower case");
	}
	p->cut_over = ids;
	return ASSAY_OK;
}

static enum assay_status
decode_skew(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	struct policy *p = where;
	uint32_t skew;
	TRY(yaml_u32(c, node, &skew, err));
	if (skew > SKEW_MAX)
		return yaml_fail(c, node, err, "skew is at most %d seconds, a day", SKEW_MAX);
	p->skew_seconds = skew;
	return ASSAY_OK;
}

static enum assay_status
decode_time(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const struct yaml_field fields[] = { { "skew", false, 0, decode_skew } };
	return yaml_decode(c, node, fields, 1, where, err);
}

static enum assay_status
decode_platform(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	struct policy *p = where;
	size_t index;
	TRY(yaml_word(c, node, platform_words, sizeof platform_words / sizeof platform_words[0],
	    &index, err));
	p->platform = (enum platform_rule)index;
	return ASSAY_OK;
}

static enum assay_status
decode_signatures(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const struct yaml_field fields[] = { { "platform", false, 0, decode_platform } };
	return yaml_decode(c, node, fields, 1, where, err);
}

static enum assay_status
decode_exception_days(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	uint32_t *days = where;
	TRY(yaml_u32(c, node, days, err));
	if (*days == 0 || *days > EXCEPTION_DAYS_MAX)
		return yaml_fail(c, node, err, "an exception runs for 1 to %d days at most", EXCEPTION_DAYS_MAX);
	return ASSAY_OK;
}

static enum assay_status
decode_exceptions(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "role", true, offsetof(struct policy, exception_role), yaml_str },
		{ "days", false, offsetof(struct policy, exception_days), decode_exception_days },
	};
	return yaml_decode(c, node, fields, sizeof fields / sizeof fields[0], where, err);
}

static const struct yaml_field policy_fields[] = {
	{ "assay-policy", true, 0, yaml_ignore },
	{ "repository-id", false, 0, decode_repository_id },
	{ "scope", false, 0, decode_scope },
	{ "cut-over", false, 0, decode_cut_over },
	{ "dependencies", false, 0, policy_decode_dependencies },
	{ "documents", false, 0, policy_decode_documents },
	{ "time", false, 0, decode_time },
	{ "signatures", false, 0, decode_signatures },
	{ "ages", false, 0, policy_decode_ages },
	{ "access", false, 0, policy_decode_access },
	{ "owners", false, 0, policy_decode_owners },
	{ "changes", false, 0, policy_decode_changes },
	{ "exceptions", false, 0, decode_exceptions },
	{ "reviews", false, 0, policy_decode_reviews },
	{ "release", false, offsetof(struct policy, release), policy_decode_release },
	{ "keys", false, 0, policy_decode_keys },
};

enum assay_status
policy_parse(struct assay_span yaml, const char *name, struct arena *arena,
    struct policy *ret_policy, struct assay_error *err)
{
	const struct yaml_context c = { name, arena };
	struct yaml_node *root;
	struct policy p;
	policy_defaults(&p);
	p.present = true;
	TRY(yaml_open(yaml, &c, "assay-policy", POLICY_VERSION, &root, err));
	TRY(yaml_decode(&c, root, policy_fields, sizeof policy_fields / sizeof policy_fields[0], &p,
	    err));
	*ret_policy = p;
	return ASSAY_OK;
}
