/* SPDX-License-Identifier: Apache-2.0 */
#include "findings_record.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/unconst.h>
#include <fcntl.h>
#include <evidence/tree.h>
#include <string.h>

void
findings_record_done(struct findings_record *x)
{
	buf_done(&x->before);
	buf_done(&x->problems);
}

enum assay_status
findings_record_open(const struct cli *cli, int folder, struct findings_record *x, struct assay_error *err)
{
	const enum assay_status status = file_read(folder, strrchr(REGISTER_PATH, '/') + 1, &x->before, err);
	if (status != ASSAY_OK && status != ASSAY_E_NOT_FOUND)
		return status;
	if (cli->problems == NULL)
		return ASSAY_OK;
	x->has_problems = true;
	return file_read(AT_FDCWD, cli->problems, &x->problems, err);
}

/* Each check that reports it, once. */
static enum assay_status
list_checks(const struct sca_finding *f, struct arena *arena, struct yaml_strings *ret_checks, struct assay_error *err)
{
	const char **items = arena_array(arena, f->report_count + 1, sizeof(const char *));
	size_t count = 0;
	if (items == NULL)
		return arena_full(err);
	for (size_t i = 0; i < f->report_count; i++) {
		size_t k = 0;
		while (k < count && strcmp(items[k], f->reports[i]->check) != 0)
			k++;
		if (k == count)
			items[count++] = f->reports[i]->check;
	}
	*ret_checks = (struct yaml_strings){ items, count };
	return ASSAY_OK;
}

static enum assay_status
add_new(const struct rejudge *r, const struct report_findings *what, const struct sca_register *before, struct sca_register *ret_new,
    struct assay_error *err)
{
	const struct tree *tree = evidence_facts(r->input.evidence, TREE_KIND);
	char hex[65] = "";
	if (tree != NULL && tree->has_head)
		oid_hex(&tree->commit, tree->sources.algo, hex);
	struct sca_entry *entries = arena_array(r->arena, what->all->count + 1, sizeof *entries);
	const char *commit = arena_str(r->arena, hex);
	size_t count = 0;
	if (entries == NULL || commit == NULL)
		return arena_full(err);
	for (size_t i = 0; i < what->all->count; i++) {
		const struct sca_finding *f = &what->all->items[i];
		if (f->line == 0 || !report_filter_takes(&what->filter, f) || sca_register_find(before, f->identity) != NULL)
			continue;
		struct sca_entry *e = &entries[count++];
		*e = (struct sca_entry){ .rule = f->rule, .path = f->path, .symbol = f->symbol, .severity = f->severity,
			.first_seen = commit[0] != '\0' ? commit : NULL };
		memcpy(e->identity, f->identity, SCA_IDENTITY_SIZE);
		TRY(list_checks(f, r->arena, &e->checks, err));
	}
	*ret_new = (struct sca_register){ entries, count };
	return sca_register_sort(ret_new, err);
}

/* An entry of the problem list that has a finding's id in one of its cells is that finding's. */
static size_t
link_problems(const struct sca_register *all, const struct sca_problems *problems)
{
	struct sca_entry *entries = unconst(all->entries);
	size_t linked = 0;
	for (size_t i = 0; i < all->count; i++) {
		for (size_t k = 0; k < problems->count && entries[i].problem == NULL; k++) {
			if (!sca_problem_names(problems, &problems->items[k], entries[i].identity, NULL))
				continue;
			entries[i].problem = problems->items[k].id;
			linked++;
		}
	}
	return linked;
}

/* Into what is there; anew where that is written so that nothing can be put between. */
static enum assay_status
write_register(const struct findings_record *x, const struct sca_register *all, struct arena *arena, struct buf *out,
    struct assay_error *err)
{
	const enum assay_status status = sca_register_extend(buf_span(&x->before), all, arena, out, err);
	if (status != ASSAY_E_UNSUPPORTED)
		return status;
	assay_error_clear(err);
	buf_reset(out);
	return sca_register_write(all, out, err);
}

enum assay_status
findings_record_write(struct findings_record *x, const struct rejudge *r, const struct report_findings *what, int folder,
    const char *name, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(YAML_SIZE_MAX), answer = BUF_INIT(4096);
	struct sca_register before = { NULL, 0 }, added, all;
	struct sca_problems problems = { NULL, 0, 0 };
	size_t linked = 0;
	if (x->before.len > 0)
		TRY(sca_register_parse(buf_span(&x->before), REGISTER_PATH, r->arena, &before, err));
	if (x->has_problems)
		TRY(sca_problems_parse(buf_span(&x->problems), PROBLEMS_PATH, r->arena, &problems, err));
	TRY(add_new(r, what, &before, &added, err));
	TRY(sca_register_join(&before, &added, r->arena, &all, err));
	linked = link_problems(&all, &problems);
	TRY(write_register(x, &all, r->arena, &out, err));
	TRY(file_write_atomic(folder, name, buf_span(&out), 0666, err));
	buf_addf(&answer, "wrote " REGISTER_PATH ": %zu findings, %zu of them new here, %zu newly linked to a problem\n", all.count, added.count, linked);
	return cli_print(&answer, err);
}
