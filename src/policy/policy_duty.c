/* SPDX-License-Identifier: Apache-2.0 */
#include "policy_duty.h"

#include <policy/id.h>

#include <base/cleanup.h>
#include <base/ere.h>
#include <base/text.h>
#include <stddef.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
/* A review that is due every ten years is none. */
#define AGE_DAYS_MAX 3660
#define OWNED_PATHS_MAX 200

/* uint32_t: "90d", days. */
static enum assay_status
decode_age(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	uint32_t *out = where;
	const char *text;
	uint64_t days = 0;
	TRY(yaml_str(c, node, &text, err));
	const size_t len = strlen(text);
	const bool good = len > 1 && text[len - 1] == 'd' &&
	    text_to_u64((struct assay_span){ (const unsigned char *)text, len - 1 }, &days) == ASSAY_OK;
	if (!good || days == 0 || days > AGE_DAYS_MAX) {
		yaml_fail(c, node, err, "%s must be days from 1d to %dd", node->key, AGE_DAYS_MAX);
		return assay_error_todo(err, ASSAY_E_FORMAT, "write '92d' for a quarter of a year");
	}
	*out = (uint32_t)days;
	return ASSAY_OK;
}

enum assay_status
policy_decode_ages(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "access-review", false, offsetof(struct policy, access_review_days), decode_age },
		{ "key-rotation", false, offsetof(struct policy, key_rotation_days), decode_age },
		{ "at-rest", false, offsetof(struct policy, release.at_rest_days), decode_age },
	};
	return yaml_decode(c, node, fields, COUNT(fields), where, err);
}

static enum assay_status
decode_reviewer(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const char *const words[] = { "another", "anyone" };
	bool *out = where;
	size_t index;
	TRY(yaml_word(c, node, words, COUNT(words), &index, err));
	*out = index == 1;
	return ASSAY_OK;
}

enum assay_status
policy_decode_access(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "reviewer", false, offsetof(struct policy, own_review), decode_reviewer },
	};
	return yaml_decode(c, node, fields, COUNT(fields), where, err);
}

/* ---- owners ---- */

static enum assay_status
decode_forges(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	/* In the order of enum owners_dialect. */
	static const char *const words[] = { "github", "gitlab" };
	unsigned *out = where, set = 0;
	if (node->kind != YAML_SEQUENCE || node->count == 0)
		return yaml_fail(c, node, err, "forges must be a list that isn't empty: [github]");
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		size_t index;
		TRY(yaml_word(c, n, words, COUNT(words), &index, err));
		set |= 1u << index;
	}
	*out = set;
	return ASSAY_OK;
}

/* A pattern that matches nothing, by a slash at its beginning or end, would look as if it were watched over. */
static enum assay_status
decode_paths(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	TRY(yaml_str_list(c, node, where, err));
	if (node->count > OWNED_PATHS_MAX)
		return yaml_fail(c, node, err, "paths has more than %d patterns", OWNED_PATHS_MAX);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		if (n->text[0] != '/' && n->text[n->text_len - 1] != '/' && n->text_len <= TEXT_PATTERN_MAX)
			continue;
		yaml_fail(c, n, err, "'%s' is no pattern over whole paths", n->text);
		return assay_error_todo(err, ASSAY_E_FORMAT, "write 'src/crypto/**' for all below a folder");
	}
	return ASSAY_OK;
}

enum assay_status
policy_decode_owners(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "forges", false, offsetof(struct policy, owner_forges), decode_forges },
		{ "paths", false, offsetof(struct policy, owned_paths), decode_paths },
	};
	return yaml_decode(c, node, fields, COUNT(fields), where, err);
}

/* ---- changes ---- */

static enum assay_status
decode_pattern(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	const char **out = where;
	struct assay_error why = { 0 };
	struct ere *e = NULL;
	size_t from, len;
	uint64_t steps = 0;
	TRY(yaml_str(c, node, out, err));
	const enum assay_status status = ere_compile(assay_span_str(*out), c->arena, &e, &why);
	if (status == ASSAY_E_MEMORY)
		return arena_full(err);
	if (status != ASSAY_OK) {
		yaml_fail(c, node, err, "pattern can't be read: %s", why.what);
		return assay_error_todo(err, ASSAY_E_FORMAT, "write a POSIX extended regular expression, as in 'CR-[0-9]+'");
	}
	if (!ere_find(e, assay_span_str(""), &from, &len, &steps))
		return ASSAY_OK;
	yaml_fail(c, node, err, "pattern matches the empty text, and so any change");
	return assay_error_todo(err, ASSAY_E_FORMAT, "write what a request's name looks like, as in 'CR-[0-9]+'");
}

/* "subject", "body", "branch", "trailer NAME". */
static enum assay_status
decode_where(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const char trailer[] = "trailer ";
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	static const char *const words[] = { [CHANGE_NOWHERE] = "trailer NAME", [CHANGE_SUBJECT] = "subject",
		[CHANGE_BODY] = "body", [CHANGE_BRANCH] = "branch" };
	struct policy_changes *out = where;
	const char *text;
	size_t index;
	TRY(yaml_str(c, node, &text, err));
	if (strncmp(text, trailer, sizeof trailer - 1) == 0) {
		out->trailer = text + sizeof trailer - 1;
		out->where = CHANGE_TRAILER;
		if (out->trailer[0] != '\0' && out->trailer[strspn(out->trailer, letters)] == '\0')
			return ASSAY_OK;
		return yaml_fail(c, node, err, "a trailer's name is letters, digits and '-'");
	}
	TRY(yaml_word(c, node, words, COUNT(words), &index, err));
	if (index == CHANGE_NOWHERE)
		return yaml_fail(c, node, err, "where must name the trailer, as in 'trailer Change'");
	out->where = (enum change_where)index;
	return ASSAY_OK;
}

enum assay_status
policy_decode_changes(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "pattern", true, offsetof(struct policy_changes, pattern), decode_pattern },
		{ "where", true, 0, decode_where },
	};
	struct policy *p = where;
	return yaml_decode(c, node, fields, COUNT(fields), &p->changes, err);
}

/* ---- reviews ---- */

enum assay_status
policy_decode_reviews(const struct yaml_context *c, const struct yaml_node *node, void *where,
    struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "role", true, offsetof(struct policy, review_role), policy_id },
	};
	return yaml_decode(c, node, fields, COUNT(fields), where, err);
}
