/* SPDX-License-Identifier: Apache-2.0 */
#include "record.h"
#include "standing.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <evidence/tree.h>
#include <string.h>

/* What a file that isn't good shows is a question to whoever wrote it, and nobody is judged by the rest of it. */
static enum assay_status
refuse(const struct judge_context *c, struct control_verdict *v, const char *path,
    const struct assay_error *why, struct assay_error *err)
{
	struct judge_place place = { path, path, why->line, why->column, NULL };
	return judge_find_at(c, v, false, "record-malformed", &place, err, "'%s' can't be read: %s%s%s", path,
	    why->what, why->todo[0] != '\0' ? "; " : "", why->todo);
}

void
record_folder(const struct judge_context *c, struct sources *ret_files)
{
	static const struct source_file none;
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	const struct standing_folder *now = standing_now(c->standing);
	*ret_files = now != NULL ? now->files : tree != NULL ? tree->sources : (struct sources){ .files = &none };
}

const struct source_file *
record_file(const struct judge_context *c, const char *path)
{
	struct sources files;
	record_folder(c, &files);
	return sources_find(&files, path);
}

enum assay_status
record_read(const struct judge_context *c, struct control_verdict *v, const struct record_kind *kind,
    void *ret_record, bool *ret_read, struct assay_error *err)
{
	const struct source_file *file = record_file(c, kind->path);
	struct judge_place place = { kind->path, kind->path, 0, 0, NULL };
	struct assay_error why = { 0 };
	*ret_read = false;
	if (CATCH(record_absent, file == NULL))
		return judge_find_at(c, v, false, kind->absent_id, &place, err, "%s", kind->absent);
	/* A link leads to bytes that nobody reviewed under this name. */
	if (!sources_is_file(file) || !file->has_bytes)
		return judge_find_at(c, v, false, "record-unread", &place, err, "'%s' could not be read: %s", kind->path,
		    file != NULL && file->why != NULL ? file->why : "it is no plain file");
	const enum assay_status status = kind->parse(file->bytes, kind->path, c->arena, ret_record, &why);
	if (status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL) {
		*err = why;
		return status;
	}
	if (status != ASSAY_OK)
		return refuse(c, v, kind->path, &why, err);
	*ret_read = true;
	return ASSAY_OK;
}

enum assay_status
record_plan(const struct judge_context *c, struct plan *ret_plan, bool *ret_has, struct assay_error *err)
{
	const struct source_file *f = record_file(c, PLAN_PATH);
	*ret_has = f != NULL && f->has_bytes;
	*ret_plan = (struct plan){ .count = 0 };
	if (!*ret_has)
		return ASSAY_OK;
	const enum assay_status status = plan_parse(f->bytes, PLAN_PATH, c->arena, ret_plan, NULL);
	*ret_has = status == ASSAY_OK;
	if (!*ret_has)
		*ret_plan = (struct plan){ .count = 0 };
	return status == ASSAY_E_MEMORY ? arena_full(err) : ASSAY_OK;
}

const struct roster_entry *
record_person(const struct judge_context *c, const char *id)
{
	const struct roster *r = c->input->roster;
	for (size_t i = 0; i < r->count; i++) {
		if (r->entries[i].kind == ROSTER_PERSON && strcmp(r->entries[i].id, id) == 0)
			return &r->entries[i];
	}
	return NULL;
}

const char *
record_pipeline(const struct sources *s)
{
	static const char *const prefixes[] = { ".github/workflows/", ".gitlab-ci.yml", ".gitlab-ci.yaml", ".circleci/",
		".forgejo/workflows/", ".gitea/workflows/", "Jenkinsfile", "azure-pipelines.yml", "bitbucket-pipelines.yml" };
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		const struct source_file *f = sources_under(s, prefixes[i]);
		if (f != NULL)
			return f->path;
	}
	return NULL;
}

enum assay_status
record_signoffs(const struct judge_context *c, const char *path, struct record_signed *ret_signed,
    struct assay_error *err)
{
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	const struct source_file *file = record_file(c, path);
	TRY(signoffs_read(c, &tree->sources, &ret_signed->signoffs, err));
	return assay_sha256(file != NULL ? file->bytes : assay_span_str(""), ret_signed->digest);
}

bool
record_signed_by(const struct record_signed *r, enum signoff_act act, const char *const *people, size_t count)
{
	for (size_t i = 0; i < r->signoffs.count; i++) {
		const struct signoff_seen *s = &r->signoffs.items[i];
		if (s->code != NULL || s->who == NULL || s->s.act != act || memcmp(s->s.record, r->digest, sizeof r->digest) != 0)
			continue;
		for (size_t k = 0; k < count; k++) {
			if (strcmp(s->who->id, people[k]) == 0)
				return true;
		}
	}
	return false;
}
