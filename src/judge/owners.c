/* SPDX-License-Identifier: Apache-2.0 */
#include "owners.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <evidence/tree.h>
#include <string.h>

/* What in a tree shows that a forge is used. */
static const char *const signs[2][3] = {
	[OWNERS_GITHUB] = { ".github/", NULL },
	[OWNERS_GITLAB] = { ".gitlab-ci.yml", ".gitlab/", NULL },
};

static const struct source_file *
first_place(const struct sources *s, enum owners_dialect dialect)
{
	for (size_t i = 0; i < OWNERS_PLACES; i++) {
		const struct source_file *f = sources_find(s, owners_places[dialect][i]);
		if (f != NULL)
			return f;
	}
	return NULL;
}

static unsigned
forges_of(const struct judge_context *c, const struct sources *s)
{
	unsigned set = c->input->policy->owner_forges;
	if (set != 0)
		return set;
	for (unsigned d = 0; d < 2; d++) {
		for (size_t i = 0; signs[d][i] != NULL; i++) {
			if (sources_under(s, signs[d][i]) != NULL)
				set |= 1u << d;
		}
	}
	/* Nothing but the file itself: read as by the forge that more people have. */
	return set != 0 ? set : 1u << OWNERS_GITHUB;
}

/* Says what keeps a file from being read. */
static enum assay_status
say(const struct judge_context *c, struct control_verdict *v, bool gap, const char *id, const char *path,
    const char *words, const char *why, struct assay_error *err)
{
	struct judge_place place = { path, path, 0, 0, NULL };
	return v == NULL ? ASSAY_OK : judge_find_at(c, v, gap, id, &place, err, "'%s' %s %s", path, words, why);
}

static enum assay_status
read_file(const struct judge_context *c, struct control_verdict *v, const struct source_file *f,
    enum owners_dialect dialect, struct owners_of_tree *files, size_t *count, struct assay_error *err)
{
	struct assay_error why = { 0 };
	if (!f->has_bytes || !sources_is_file(f))
		return say(c, v, false, "owners-unread", f->path, "could not be read:",
		    f->why != NULL ? f->why : "it is no plain file", err);
	if (CATCH(owners_too_large, dialect == OWNERS_GITHUB && f->bytes.len > OWNERS_GITHUB_SIZE_MAX))
		return say(c, v, true, "owners-file-ignored", f->path, "has more than three mebibytes:",
		    "GitHub passes over the whole of it", err);
	const enum assay_status status = owners_parse(f->bytes, dialect, c->arena, &files[*count].file, &why);
	if (status == ASSAY_E_LIMIT)
		return say(c, v, false, "owners-unread", f->path, "could not be read:", why.what, err);
	if (status != ASSAY_OK) {
		*err = why;
		return status;
	}
	files[*count].path = f->path;
	++*count;
	return ASSAY_OK;
}

enum assay_status
owners_read(const struct judge_context *c, struct control_verdict *v, struct owners_of_tree ret_files[OWNERS_FILES],
    size_t *ret_count, struct assay_error *err)
{
	const struct tree *tree = evidence_facts(c->input->evidence, TREE_KIND);
	const unsigned forges = forges_of(c, &tree->sources);
	*ret_count = 0;
	for (unsigned d = 0; d < 2; d++) {
		const char *forge = owners_dialect_name((enum owners_dialect)d);
		const struct source_file *f = first_place(&tree->sources, (enum owners_dialect)d);
		if ((forges >> d & 1) == 0)
			continue;
		if (CATCH(owners_no_file, f == NULL && v != NULL))
			TRY(judge_find(c, v, false, "no-owners-file", NULL, forge, err,
			    "there is no CODEOWNERS where %s looks for one", forge));
		if (f != NULL)
			TRY(read_file(c, v, f, (enum owners_dialect)d, ret_files, ret_count, err));
	}
	return ASSAY_OK;
}

bool
owners_is_group(const char *owner)
{
	return owner[0] == '@' && (owner[1] == '@' || strchr(owner, '/') != NULL);
}

const struct roster_entry *
owners_person(const struct judge_context *c, const char *owner)
{
	const struct roster *r = c->input->roster;
	if (owner[0] != '@')
		return roster_by_email(r, assay_span_str(owner));
	const struct roster_entry *who = roster_by_principal(r, assay_span_str(owner));
	return who != NULL ? who : roster_by_principal(r, assay_span_str(owner + 1));
}
