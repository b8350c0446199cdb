/* SPDX-License-Identifier: Apache-2.0 */
#include "revision.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

#define SHORT_LEAST 7
#define REV_MAX 256

enum assay_status
revision_unknown(const char *name, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_USAGE, "'%s' is no commit that is known here", name);
	return assay_error_todo(err, ASSAY_E_USAGE, "write a branch, a tag, HEAD~1, or a commit's id");
}

uint32_t
revision_of_ref(const struct history *h, const char *name)
{
	static const char *const folders[] = { "", "refs/heads/", "refs/tags/", "refs/remotes/" };
	char full[REV_MAX + 16];
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		(void)snprintf(full, sizeof full, "%s%s", folders[i], name);
		for (uint32_t k = 0; k < h->ref_count; k++) {
			if (strcmp(h->refs[k].name, full) != 0)
				continue;
			uint32_t tag = h->refs[k].tag;
			while (tag != HISTORY_NONE && h->tags[tag].target_type == GIT_TAG)
				tag = h->tags[tag].target_index;
			return tag != HISTORY_NONE ? h->tags[tag].target_index : h->refs[k].commit;
		}
	}
	return HISTORY_NONE;
}

/* The one commit whose id begins so. */
static uint32_t
by_id(const struct history *h, const char *name)
{
	char hex[2 * OID_MAX + 1];
	uint32_t found = HISTORY_NONE;
	const size_t len = strlen(name);
	if (len < SHORT_LEAST || name[strspn(name, "0123456789abcdef")] != '\0')
		return HISTORY_NONE;
	for (uint32_t i = 0; i < h->commit_count; i++) {
		oid_hex(&h->commits[i].id, h->algo, hex);
		if (strncmp(hex, name, len) != 0)
			continue;
		if (found != HISTORY_NONE)
			return HISTORY_NONE;
		found = i;
	}
	return found;
}

enum assay_status
revision_find(const struct history *h, const char *text, uint32_t *ret_commit, struct assay_error *err)
{
	char name[REV_MAX];
	const char *tilde = strchr(text, '~');
	const size_t len = tilde != NULL ? (size_t)(tilde - text) : strlen(text);
	uint64_t back = 0;
	if (len == 0 || len >= sizeof name)
		return revision_unknown(text, err);
	(void)snprintf(name, sizeof name, "%.*s", (int)len, text);
	if (tilde != NULL && text_to_u64(assay_span_str(tilde[1] != '\0' ? tilde + 1 : "1"), &back) != ASSAY_OK)
		return revision_unknown(text, err);
	uint32_t at = strcmp(name, "HEAD") == 0 ? history_find_commit(h, &h->head_id) : revision_of_ref(h, name);
	at = at == HISTORY_NONE ? by_id(h, name) : at;
	for (; back > 0 && at != HISTORY_NONE; back--)
		at = h->commits[at].parent_count > 0 ? h->commits[at].parents[0] : HISTORY_NONE;
	if (at == HISTORY_NONE)
		return revision_unknown(text, err);
	*ret_commit = at;
	return ASSAY_OK;
}

enum assay_status
revision_mark(const struct history *h, uint32_t from, struct arena *arena, unsigned char *flags, struct assay_error *err)
{
	uint32_t *stack = arena_array(arena, (size_t)h->commit_count + 1, sizeof *stack), depth = 0;
	if (stack == NULL)
		return arena_full(err);
	if (flags[from] != 0)
		return ASSAY_OK;
	flags[from] = 1;
	stack[depth++] = from;
	while (depth > 0) {
		const struct history_commit *c = &h->commits[stack[--depth]];
		for (uint32_t i = 0; i < c->parent_count; i++) {
			if (c->parents[i] == HISTORY_NONE || flags[c->parents[i]] != 0)
				continue;
			flags[c->parents[i]] = 1;
			stack[depth++] = c->parents[i];
		}
	}
	return ASSAY_OK;
}
