/* SPDX-License-Identifier: Apache-2.0 */
#include "policy_duty.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <stddef.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
/* A review that is due every ten years is none. */
#define AGE_DAYS_MAX 3660

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
