/* SPDX-License-Identifier: Apache-2.0 */
#include "releases.h"

#include <base/cleanup.h>
#include <evidence/records.h>
#include <evidence/reltree.h>
#include <string.h>

static enum assay_status
read_one(const char *text, struct arena *arena, struct release_given *ret_given, struct assay_error *err)
{
	const size_t len = strcspn(text, "=");
	const char *tree = text[len] == '=' ? text + len + 1 : NULL;
	if (len == 0 || (tree != NULL && tree[0] == '\0')) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' names no release", text);
		return assay_error_todo(err, ASSAY_E_USAGE, "write --release SEAL=TREE: the folder that 'assay seal' wrote, and what it sealed");
	}
	*ret_given = (struct release_given){ arena_copy(arena, (struct assay_span){ (const unsigned char *)text, len }), tree };
	return ret_given->seal != NULL ? ASSAY_OK : arena_full(err);
}

enum assay_status
given_releases_read(const struct cli *cli, struct workspace *w, struct given_releases *ret_releases, struct assay_error *err)
{
	if (cli->releases.count > RELEASES_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "'--release' is given more than %d times", RELEASES_MAX);
	if (cli->release_records != NULL)
		w->also[w->also_count++] = cli->release_records;
	for (; ret_releases->count < cli->releases.count; ret_releases->count++) {
		struct release_given *given = &ret_releases->items[ret_releases->count];
		TRY(read_one(cli->releases.items[ret_releases->count], w->arena, given, err));
		w->also[w->also_count++] = given->seal;
		if (given->tree != NULL)
			w->also[w->also_count++] = given->tree;
	}
	return ASSAY_OK;
}

/* One more item of evidence, its digests set. */
static enum assay_status
add_item(struct workspace *w, const struct evidence *e, struct assay_error *err)
{
	struct evidence_set set = { .items = arena_array(w->arena, w->evidence.count + 1, sizeof set.items[0]), .count = w->evidence.count };
	if (set.items == NULL)
		return arena_full(err);
	if (set.count > 0)
		memcpy(set.items, w->evidence.items, set.count * sizeof set.items[0]);
	set.items[set.count] = *e;
	TRY(evidence_seal(&set.items[set.count++], err));
	w->evidence = set;
	return ASSAY_OK;
}

static enum assay_status
add_records(const struct cli *cli, struct workspace *w, const char *subject, struct assay_error *err)
{
	struct evidence e = { .subject = subject, .grade = evidence_kind_find(RELEASE_RECORDS_KIND)->grade };
	if (subject == NULL)
		return arena_full(err);
	TRY(release_records_fetch(cli->release_records, w->arena, &e, err));
	return add_item(w, &e, err);
}

enum assay_status
given_releases_add(struct cli *cli, const struct given_releases *g, struct workspace *w, struct assay_error *err)
{
	const struct release_look_context c = { w->repository, w->arena, cli_progress, cli };
	const char *subject = repository_subject(w->repository, w->arena);
	struct evidence seals = { .subject = subject, .grade = evidence_kind_find(RELEASE_SEAL_KIND)->grade };
	struct evidence trees = { .subject = subject, .grade = evidence_kind_find(RELEASE_TREE_KIND)->grade };
	if (cli->release_records != NULL)
		TRY(add_records(cli, w, subject, err));
	if (g->count == 0)
		return ASSAY_OK;
	if (subject == NULL)
		return arena_full(err);
	TRY(release_seal_fetch(g->items, g->count, w->arena, &seals, err));
	TRY(release_tree_fetch(&c, g->items, g->count, &trees, err));
	cli_progress_end(cli);
	TRY(add_item(w, &seals, err));
	return add_item(w, &trees, err);
}
