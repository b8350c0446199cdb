/* SPDX-License-Identifier: Apache-2.0 */
#include "documents.h"

#include <policy/id.h>

#include <base/cleanup.h>
#include <base/when.h>
#include <stddef.h>
#include <string.h>

#define LANGUAGE_MAX 8
#define PATH_LEN_MAX 1024

/* In the order of enum policy_document_kind. */
static const char *const kind_words[] = { "development-environment", "secure-coding", "file-integrity", "private-keys",
	"other" };

#define KINDS (sizeof kind_words / sizeof kind_words[0])

const char *
policy_document_kind_name(enum policy_document_kind kind)
{
	return (size_t)kind < KINDS ? kind_words[kind] : kind_words[DOCUMENT_OTHER];
}

/* A path as a tree has it: no other spelling would find anything there. */
static enum assay_status
decode_path(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **path = where;
	TRY(yaml_str(c, node, path, err));
	const char *p = *path;
	for (const char *part = p; part != NULL; part = strchr(part, '/')) {
		part += *part == '/' && part != p;
		const size_t n = strcspn(part, "/");
		if (n == 0 || (n <= 2 && strncmp(part, "..", n) == 0))
			return yaml_fail(c, node, err, "'%s' isn't a path within the repository, as in 'docs/policy.md'", p);
	}
	if (node->text_len > PATH_LEN_MAX || strchr(p, '\\') != NULL)
		return yaml_fail(c, node, err, "a path has at most %d bytes, and '/' between folders", PATH_LEN_MAX);
	return ASSAY_OK;
}

static enum assay_status
decode_kind(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	size_t index;
	TRY(yaml_word(c, node, kind_words, KINDS, &index, err));
	*(enum policy_document_kind *)where = (enum policy_document_kind)index;
	return ASSAY_OK;
}

static enum assay_status
decode_language(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **language = where;
	TRY(yaml_str(c, node, language, err));
	if (node->text_len < 2 || node->text_len > LANGUAGE_MAX
	    || (*language)[strspn(*language, "abcdefghijklmnopqrstuvwxyz")] != '\0')
		return yaml_fail(c, node, err, "a language is a code in lower case, as 'en' or 'de'");
	return ASSAY_OK;
}

static enum assay_status
decode_approved(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "by", true, offsetof(struct policy_document, approved_by), policy_ids },
		{ "date", true, offsetof(struct policy_document, approved_on), yaml_time },
	};
	return yaml_decode(c, node, fields, sizeof fields / sizeof fields[0], where, err);
}

static const struct yaml_field document_fields[] = {
	{ "path", true, offsetof(struct policy_document, path), decode_path },
	{ "kind", true, offsetof(struct policy_document, kind), decode_kind },
	{ "language", true, offsetof(struct policy_document, language), decode_language },
	{ "version", false, offsetof(struct policy_document, version), yaml_str },
	{ "approved", false, 0, decode_approved },
	{ "review-by", false, offsetof(struct policy_document, review_by), yaml_time },
};

enum assay_status
policy_decode_documents(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct policy *p = where;
	if (node->kind != YAML_SEQUENCE)
		return yaml_fail(c, node, err, "documents must be a list");
	if (node->count > POLICY_DOCUMENTS_MAX)
		return yaml_fail(c, node, err, "at most %d documents", POLICY_DOCUMENTS_MAX);
	p->documents = arena_array(c->arena, node->count + 1, sizeof *p->documents);
	if (p->documents == NULL)
		return arena_full(err);
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
		struct policy_document *d = &p->documents[p->document_count];
		*d = (struct policy_document){ .line = n->line, .approved_on = WHEN_MIN, .review_by = WHEN_MIN };
		TRY(yaml_decode(c, n, document_fields, sizeof document_fields / sizeof document_fields[0], d, err));
		for (size_t i = 0; i < p->document_count; i++) {
			if (strcmp(p->documents[i].path, d->path) == 0)
				return yaml_fail(c, n, err, "'%s' stands twice under documents", d->path);
		}
		p->document_count++;
	}
	return ASSAY_OK;
}
