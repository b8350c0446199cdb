/* SPDX-License-Identifier: Apache-2.0 */
#include "papers.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <evidence/tree.h>

enum assay_status
paper_none(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct judge_place place = { POLICY_PATH, POLICY_PATH, 0, 0, NULL };
	return judge_find_at(c, v, false, "no-document", &place, err,
	    "'%s' names no document that is the security policy of the development environment", POLICY_PATH);
}

static enum assay_status
unread(const struct judge_context *c, struct control_verdict *v, const char *path, const struct assay_error *why,
    struct assay_error *err)
{
	struct judge_place place = { path, path, why->line, why->column, NULL };
	return judge_find_at(c, v, false, "document-unread", &place, err, "'%s' could not be read: %s", path, why->what);
}

enum assay_status
paper_read(const struct judge_context *c, struct control_verdict *v, const struct policy_document *entry,
    struct paper *ret_paper, bool *ret_read, struct assay_error *err)
{
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	const struct source_file *file = tree != NULL ? sources_find(&tree->sources, entry->path) : NULL;
	struct judge_place place = { entry->path, POLICY_PATH, entry->line, 1, NULL };
	struct assay_error why = { 0 };
	*ret_read = false;
	if (CATCH(policy_not_there, file == NULL))
		return judge_find_at(c, v, true, "document-missing", &place, err,
		    "there is no document '%s' in the tree of HEAD", entry->path);
	if (!sources_is_file(file) || !file->has_bytes) {
		(void)assay_fail(&why, ASSAY_E_UNSUPPORTED, "%s", file != NULL && file->why != NULL ? file->why
			: !docs_readable(entry->path) ? "documents of this kind aren't read: Markdown and DOCX are"
						      : "it is no plain file");
		return unread(c, v, entry->path, &why, err);
	}
	ret_paper->entry = entry;
	const enum assay_status status = docs_read(entry->path, file->bytes, c->arena, &ret_paper->text, &why);
	if (status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL) {
		*err = why;
		return status;
	}
	if (CATCH(policy_another_format, status != ASSAY_OK))
		return unread(c, v, entry->path, &why, err);
	*ret_read = status == ASSAY_OK;
	return ASSAY_OK;
}
