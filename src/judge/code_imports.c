/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports of analysers that somebody ran elsewhere, as far as the plan leans on them. What isn't bound to HEAD's commit by its plants
 * speaks for nothing.
 */
#include "code_build.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <evidence/imports.h>
#include <stdlib.h>
#include <string.h>

/* What canaries call a language, and what plans do. */
static const struct {
	const char *planted, *name;
} languages[] = {
	{ "c", "c" }, { "cpp", "c++" }, { "java", "java" }, { "csharp", "c#" }, { "python", "python" }, { "js", "javascript" }, { "go", "go" },
};

static const char *
language_of(const struct canary_set *set)
{
	for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++)
		if (strcmp(languages[i].planted, set->language) == 0)
			return languages[i].name;
	return "";
}

static bool
is_of(const struct sca_language *l, const char *language)
{
	return strcmp(l->name, language) == 0 || (l->also != NULL && strcmp(l->also, language) == 0);
}

bool
code_standard_has(const struct plan_standard *s, const char *language)
{
	for (size_t i = 0; i < s->languages.count; i++)
		if (strcmp(s->languages.items[i], language) == 0)
			return true;
	return false;
}

/* ---- why one doesn't count ---- */

static bool
is_of_commit(const struct code_base *b, const struct import *x)
{
	char hex[2 * OID_MAX + 1];
	oid_hex(&b->tree->commit, b->tree->sources.algo, hex);
	return b->tree->has_head && strcmp(x->canaries.commit, hex) == 0;
}

static bool
is_altered(const struct sarif_artifact *a, const struct code_file *f)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	if (a->sha256[0] == '\0' || !f->file->has_bytes || assay_sha256(f->file->bytes, digest) != ASSAY_OK)
		return false;
	text_hex((struct assay_span){ digest, sizeof digest }, hex);
	return strcasecmp(hex, a->sha256) != 0;
}

static enum assay_status
find_file(const struct code_base *b, const struct import *x, const struct sarif_run *run, const char *uri, const char *base,
    struct arena *arena, const struct code_file **ret_file, struct assay_error *err)
{
	const char *path = NULL;
	TRY(import_path(x, run, uri, base, arena, &path, err));
	*ret_file = path == NULL ? NULL : code_file_find(b, path);
	return ASSAY_OK;
}

static enum assay_status
any_altered(const struct code_base *b, const struct import *x, struct arena *arena, bool *ret_altered, struct assay_error *err)
{
	*ret_altered = false;
	for (size_t i = 0; i < x->log.run_count; i++) {
		const struct sarif_run *run = &x->log.runs[i];
		for (size_t k = 0; k < run->artifact_count; k++) {
			const struct code_file *f;
			TRY(find_file(b, x, run, run->artifacts[k].uri, run->artifacts[k].base, arena, &f, err));
			*ret_altered |= f != NULL && is_altered(&run->artifacts[k], f);
		}
	}
	return ASSAY_OK;
}

static enum assay_status
doubt(const struct judge_context *c, const struct code_base *b, struct code_import *m, struct assay_error *err)
{
	const struct import *x = m->x;
	bool altered = false;
	TRY(any_altered(b, x, c->arena, &altered, err));
	const struct {
		const char *code, *why;
		bool holds;
	} rows[] = {
		{ "import-of-no-commit", "its plants were made for no commit", CATCH(import_of_no_commit, x->canaries.commit[0] == '\0') },
		{ "import-of-another-commit", "its plants were made for another commit than the one judged",
		    CATCH(import_of_another_commit, x->canaries.commit[0] != '\0' && !is_of_commit(b, x)) },
		{ "import-of-other-bytes", "it names digests that the files of the commit don't have", CATCH(import_of_other_bytes, altered) },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0] && m->code == NULL; i++) {
		m->code = rows[i].holds ? rows[i].code : NULL;
		m->why = rows[i].holds ? rows[i].why : NULL;
	}
	return ASSAY_OK;
}

/* ---- which files it saw ---- */

static enum assay_status
mark(const struct code_base *b, struct code_import *m, const struct sarif_run *run, const char *uri, const char *base,
    struct arena *arena, struct assay_error *err)
{
	const struct code_file *f;
	TRY(find_file(b, m->x, run, uri, base, arena, &f, err));
	if (f != NULL && m->looks[f - b->files] != CODE_LOOK_FAILED)
		m->looks[f - b->files] = CODE_LOOKED;
	return ASSAY_OK;
}

/* An error of the analyser's own is about one file, or about who knows what. */
static enum assay_status
mark_failure(const struct code_base *b, struct code_import *m, const struct sarif_run *run, const struct sarif_notification *n,
    struct arena *arena, struct assay_error *err)
{
	const struct code_file *f;
	TRY(find_file(b, m->x, run, n->uri, n->base, arena, &f, err));
	if (CATCH(import_file_failed, f != NULL))
		m->looks[f - b->files] = CODE_LOOK_FAILED;
	else if (CATCH(import_stumbled, f == NULL && m->stumbled == NULL))
		m->stumbled = n->text;
	return ASSAY_OK;
}

/* What it lists, what it reports about, and what it says that it stumbled over, which outweighs both. */
static enum assay_status
mark_run(const struct code_base *b, struct code_import *m, const struct sarif_run *run, struct arena *arena, struct assay_error *err)
{
	for (size_t i = 0; i < run->artifact_count; i++)
		TRY(mark(b, m, run, run->artifacts[i].uri, run->artifacts[i].base, arena, err));
	for (size_t i = 0; i < run->result_count; i++)
		if (run->results[i].place_count > 0)
			TRY(mark(b, m, run, run->results[i].places[0].uri, run->results[i].places[0].base, arena, err));
	for (size_t i = 0; i < run->invocation_count; i++)
		for (size_t k = 0; k < run->invocations[i].notification_count; k++) {
			const struct sarif_notification *n = &run->invocations[i].notifications[k];
			if (strcmp(n->level, "error") == 0)
				TRY(mark_failure(b, m, run, n, arena, err));
		}
	return ASSAY_OK;
}

static enum assay_status
mark_files(const struct code_base *b, struct code_import *m, struct arena *arena, struct assay_error *err)
{
	m->looks = arena_array(arena, b->file_count + 1, 1);
	if (m->looks == NULL)
		return arena_full(err);
	for (size_t i = 0; i < m->x->run_count && m->code == NULL; i++)
		if (m->x->runs[i].code == NULL)
			TRY(mark_run(b, m, m->x->runs[i].run, arena, err));
	return ASSAY_OK;
}

/* ---- what the plan names ---- */

static bool
names_engine(const struct plan_standard *s, const char *engine)
{
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->rows[i].check_count; k++)
			if (strcmp(s->rows[i].checks[k].engine, engine) == 0)
				return true;
	return false;
}

bool
code_engine_reads(const struct code_base *b, const struct code_engine *e, const struct sca_language *l)
{
	bool reads = !e->imported && code_is_c(l);
	for (size_t i = 0; i < b->plan.count && e->imported; i++)
		reads |= e->standards[i]
		    && (code_standard_has(&b->plan.standards[i], l->name) || (l->also != NULL && code_standard_has(&b->plan.standards[i], l->also)));
	return reads;
}

enum code_look
code_import_look(const struct code_base *b, const struct code_engine *e, const struct code_file *f)
{
	enum code_look best = CODE_NOT_LOOKED;
	for (size_t i = 0; i < e->import_count; i++) {
		const struct code_import *m = &e->imports[i];
		if (is_of(f->language, m->language) && m->looks[f - b->files] > best)
			best = (enum code_look)m->looks[f - b->files];
	}
	return best;
}

bool
code_import_counts(const struct code_import *m)
{
	for (size_t i = 0; i < m->x->run_count && m->code == NULL; i++)
		if (m->x->runs[i].code == NULL)
			return true;
	return false;
}

enum assay_status
code_import_doubts(const struct judge_context *c, struct control_verdict *v, const struct code_engine *e, const struct code_import *m,
    bool gap, bool *ret_told, struct assay_error *err)
{
	const char *what = arena_printf(c->arena, "%s (%s)", e->name, m->language);
	if (what == NULL)
		return arena_full(err);
	*ret_told = true;
	if (CATCH(import_not_bound, m->code != NULL))
		return judge_find(c, v, false, "import-not-counted", what, m->code, err, "the report of %s counts for nothing: %s", what, m->why);
	for (size_t i = 0; i < m->x->run_count; i++)
		if (CATCH(import_run_not_counted, m->x->runs[i].code != NULL))
			return judge_find(c, v, gap, "import-not-counted", what, m->x->runs[i].code, err,
			    "a run in the report of %s counts for nothing: %s", what, m->x->runs[i].why);
	*ret_told = false;
	return ASSAY_OK;
}

/* ---- what plants show of a row ---- */

static bool
is_wanted(const struct standard_rule *rule, uint32_t cwe)
{
	bool wanted = rule == NULL;
	for (size_t i = 0; rule != NULL && i < rule->cwe_count; i++)
		wanted |= rule->cwes[i] == cwe;
	return wanted;
}

enum code_planted
code_import_shows(const struct code_base *b, const struct code_import *m, const struct plan_standard *standard, const struct plan_row *row)
{
	struct import_weakness all[CANARY_PLANTS_MAX];
	const char *checks[PLAN_CHECKS_MAX];
	const struct standard *known = standards_find(b->standards, standard->id);
	const struct standard_rule *rule = known == NULL ? NULL : standard_rule(known, row->rule);
	size_t count = 0;
	enum code_planted shown = CODE_NO_PLANTS;
	for (size_t i = 0; i < row->check_count; i++)
		if (plan_engine_imported(row->checks[i].engine) && strcmp(row->checks[i].engine + strlen(PLAN_IMPORT), m->x->name) == 0)
			checks[count++] = row->checks[i].name;
	const size_t weaknesses = count == 0 ? 0 : import_weaknesses(m->x, checks, count, all);
	for (size_t i = 0; i < weaknesses; i++) {
		if (known != NULL && !is_wanted(rule, all[i].cwe))
			continue;
		if (import_is_shown(&all[i]))
			return CODE_PLANTS_SHOWN;
		if (all[i].caught > 0 && all[i].flagged > 0)
			shown = CODE_TWIN_FLAGGED;
		else if (shown == CODE_NO_PLANTS)
			shown = CODE_PLANT_MISSED;
	}
	return shown;
}

bool
code_check_works(const struct code_base *b, const struct sca_demo *d, size_t check)
{
	const struct plan_check *one = &d->row->checks[check];
	if (!plan_engine_imported(one->engine))
		return d->enforced && !d->idle[check];
	bool works = false;
	for (size_t i = 0; i < b->engine_count; i++) {
		const struct code_engine *e = &b->engines[i];
		for (size_t k = 0; strcmp(e->name, one->engine) == 0 && k < e->import_count; k++) {
			const struct code_import *m = &e->imports[k];
			if (!code_standard_has(d->standard, m->language))
				continue;
			if (!code_import_counts(m) || code_import_shows(b, m, d->standard, d->row) != CODE_PLANTS_SHOWN)
				return false;
			works |= import_fires(m->x, one->name);
		}
	}
	return works;
}

void
code_imports_show(const struct code_base *b, struct sca_demo *d)
{
	bool works = true;
	for (size_t i = 0; i < d->row->check_count; i++)
		works &= !plan_engine_imported(d->row->checks[i].engine) || code_check_works(b, d, i);
	d->planted = works;
}

/* ---- all ---- */

static enum assay_status
add_imports(const struct judge_context *c, const struct code_base *b, struct code_engine *e, struct assay_error *err)
{
	const struct imports *given = evidence_facts(c->input->evidence, IMPORTS_KIND);
	e->imports = arena_array(c->arena, IMPORTS_MAX, sizeof *e->imports);
	if (e->imports == NULL)
		return arena_full(err);
	for (size_t i = 0; given != NULL && i < given->count; i++) {
		const struct import *x = &given->items[i];
		if (strcmp(x->name, e->name + strlen(PLAN_IMPORT)) != 0)
			continue;
		struct code_import *m = &e->imports[e->import_count++];
		*m = (struct code_import){ .x = x, .language = language_of(&x->canaries) };
		TRY(doubt(c, b, m, err));
		TRY(mark_files(b, m, c->arena, err));
	}
	return ASSAY_OK;
}

enum assay_status
code_imports_add(const struct judge_context *c, struct code_base *b, const char *name, struct assay_error *err)
{
	for (size_t i = 0; i < b->engine_count; i++)
		if (strcmp(b->engines[i].name, name) == 0)
			return ASSAY_OK;
	struct code_engine *e = &b->engines[b->engine_count++];
	*e = (struct code_engine){ .name = name, .shown = { .engine = name }, .imported = true };
	b->imported = true;
	e->standards = arena_array(c->arena, b->plan.count + 1, sizeof *e->standards);
	if (e->standards == NULL)
		return arena_full(err);
	for (size_t i = 0; i < b->plan.count; i++)
		e->standards[i] = names_engine(&b->plan.standards[i], name);
	return add_imports(c, b, e, err);
}

void
code_imports_lean(const struct judge_context *c, const struct code_base *b, struct control_verdict *v)
{
	const struct evidence *e = evidence_find(c->input->evidence, IMPORTS_KIND);
	if (!b->imported || e == NULL)
		return;
	v->evidence[v->evidence_count++] = e;
	v->grade.source = e->grade.source < v->grade.source ? e->grade.source : v->grade.source;
	v->grade.depth = e->grade.depth < v->grade.depth ? e->grade.depth : v->grade.depth;
}
