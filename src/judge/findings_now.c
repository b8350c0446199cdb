/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the analysis says beside what it reports: which engine went through which file, which checks were shown to work, and what in the
 * code silences them.
 */
#include "findings.h"

#include <base/cleanup.h>
#include <base/unconst.h>
#include <code/suppress.h>
#include <sca/demo.h>
#include <string.h>

enum look { LOOK_NONE, LOOK_GOOD, LOOK_FAILED };

struct gazing {
	const struct judge_context *c;
	struct findings_base *b;
	unsigned char *looks; /* of each file and engine: enum look */
	struct sca_now now;
	struct assay_error *err;
};

/* ---- who looked at what ---- */

static unsigned char *
look_at(const struct gazing *g, const char *path, size_t engine)
{
	const struct code_file *f = code_file_find(g->b->code, path);
	return f == NULL ? NULL : &g->looks[(size_t)(f - g->b->code->files) * g->b->code->engine_count + engine];
}

/* Every unit that a file is in must have gone well. */
static void
note(const struct gazing *g, const char *path, size_t engine, bool good)
{
	unsigned char *look = look_at(g, path, engine);
	if (look != NULL && *look != LOOK_FAILED)
		*look = good ? LOOK_GOOD : LOOK_FAILED;
}

static bool
was_run(const struct code_engine *e)
{
	return !e->inside && e->refused == NULL && e->ran != NULL && e->ran->found;
}

static void
note_units(const struct gazing *g)
{
	const struct code_base *code = g->b->code;
	for (size_t i = 0; i < code->run->unit_count; i++) {
		const struct analysis_unit *u = &code->run->units[i];
		const bool compiled = u->compiles && u->refused[0] == '\0';
		for (size_t k = 0; k < code->engine_count; k++) {
			if (!was_run(&code->engines[k]))
				continue;
			const bool good = compiled && sca_looked_at(&code->engines[k].looked, &code->engines[k].options, u->file);
			note(g, u->file, k, good);
			for (size_t n = 0; n < u->header_count; n++)
				note(g, u->headers[n], k, good);
		}
	}
}

/* The own engine reads files, whatever compiles them. */
static void
note_own(const struct gazing *g)
{
	const struct code_base *code = g->b->code;
	for (size_t k = 0; k < code->engine_count; k++)
		for (size_t i = 0; code->engines[k].inside && i < code->file_count; i++)
			if (code->files[i].exclude == NULL && code_is_c(code->files[i].language))
				note(g, code->files[i].file->path, k, code->files[i].own.read);
}

/* On the word of whoever ran it elsewhere. */
static void
note_imported(const struct gazing *g)
{
	const struct code_base *code = g->b->code;
	for (size_t k = 0; k < code->engine_count; k++)
		for (size_t i = 0; code->engines[k].imported && i < code->file_count; i++) {
			const enum code_look look = code_import_look(code, &code->engines[k], &code->files[i]);
			if (look != CODE_NOT_LOOKED)
				note(g, code->files[i].file->path, k, look == CODE_LOOKED);
		}
}

/* Those of the plan that are to look at files like this one, and at least one of them. */
static bool
all_looked(const struct gazing *g, size_t file)
{
	const struct code_base *code = g->b->code;
	size_t readers = 0;
	for (size_t k = 0; k < code->engine_count; k++) {
		if (!code_engine_reads(code, &code->engines[k], code->files[file].language))
			continue;
		readers++;
		if (g->looks[file * code->engine_count + k] != LOOK_GOOD)
			return false;
	}
	return readers > 0;
}

static bool
any_stumbled(const struct code_engine *e)
{
	for (size_t i = 0; i < e->import_count; i++)
		if (e->imports[i].stumbled != NULL)
			return true;
	return false;
}

static enum assay_status
list_units(struct gazing *g)
{
	const struct code_base *code = g->b->code;
	struct sca_unit_seen *units = arena_array(g->c->arena, code->file_count * (code->engine_count + 1) + 1, sizeof *units);
	size_t count = 0;
	if (units == NULL)
		return arena_full(g->err);
	for (size_t i = 0; i < code->file_count; i++) {
		const struct code_file *f = &code->files[i];
		if (f->exclude != NULL)
			units[count++] = (struct sca_unit_seen){ f->file->path, NULL, SCA_UNIT_EXCLUDED };
		for (size_t k = 0; k < code->engine_count; k++) {
			const unsigned char look = g->looks[i * code->engine_count + k];
			const enum sca_unit_result result = look == LOOK_GOOD ? SCA_UNIT_ANALYSED
			    : look == LOOK_FAILED			      ? SCA_UNIT_FAILED
									      : SCA_UNIT_EXCLUDED;
			units[count++] = (struct sca_unit_seen){ f->file->path, code->engines[k].name, result };
		}
	}
	g->now.units = units;
	g->now.unit_count = count;
	return ASSAY_OK;
}

/* What engines had of it was all of it, and what silences them in it is known. */
static bool
is_whole(const struct code_file *f)
{
	const bool taken = f->left == NULL || !code_is_c(f->language);
	return f->exclude == NULL && taken && f->branches.missed == 0 && f->branches.unread == NULL && f->own.foreign == NULL
	    && (!f->disguised || f->file->has_bytes);
}

/* Nothing left out, nothing in another repository, and nothing that any engine of the plan didn't look at. */
static bool
is_complete(const struct gazing *g)
{
	const struct code_base *code = g->b->code;
	bool whole = code->file_count > 0 && code->engine_count > 0 && code->submodules == 0;
	for (size_t k = 0; k < code->engine_count; k++)
		whole &= code->engines[k].blind == NULL && !any_stumbled(&code->engines[k]);
	for (size_t i = 0; i < code->file_count; i++)
		whole &= is_whole(&code->files[i]) && all_looked(g, i);
	return whole;
}

/* ---- which checks work ---- */

static enum assay_status
list_enforced(struct gazing *g)
{
	const struct code_base *code = g->b->code;
	size_t count = 0;
	for (size_t i = 0; i < code->demo_count; i++)
		count += code->demos[i].row->check_count;
	struct sca_enforced *enforced = arena_array(g->c->arena, count + 1, sizeof *enforced);
	if (enforced == NULL)
		return arena_full(g->err);
	for (size_t i = 0; i < code->demo_count; i++) {
		const struct sca_demo *demo = &code->demos[i];
		const char *rule = arena_printf(g->c->arena, "%s/%s", demo->standard->id, demo->row->rule);
		if (rule == NULL)
			return arena_full(g->err);
		for (size_t k = 0; k < demo->row->check_count; k++)
			enforced[g->now.enforced_count++] = (struct sca_enforced){ .rule = rule, .check = demo->row->checks[k].whole,
				.engine = demo->row->checks[k].engine, .demonstrated = code_check_works(code, demo, k) };
	}
	g->now.enforced = enforced;
	return ASSAY_OK;
}

/* ---- where symbols are ---- */

static bool
is_wanted(const struct gazing *g)
{
	for (size_t i = 0; i < g->b->known.count; i++) {
		if (code_file_find(g->b->code, g->b->known.entries[i].path) == NULL)
			return true;
	}
	return false;
}

static enum assay_status
symbols_of(struct gazing *g, const struct source_file *file, struct sca_symbol **symbols, size_t *room)
{
	struct code_tokens tokens;
	struct code_statements found;
	struct assay_error why = { 0 };
	enum code_language language = CODE_C;
	if (!file->has_bytes || !code_language_of(file->path, &language))
		return ASSAY_OK;
	enum assay_status status = code_lex(file->bytes, language, g->c->arena, &tokens, &why);
	if (status == ASSAY_OK)
		status = code_statements_of(&tokens, g->c->arena, &found, &why);
	if (status != ASSAY_OK)
		return status == ASSAY_E_LIMIT ? ASSAY_OK : arena_full(g->err);
	const char *last = "";
	for (size_t i = 0; i < found.count; i++) {
		const char *symbol = found.items[i].symbol;
		if (symbol[0] == '\0' || strcmp(symbol, last) == 0)
			continue;
		if (g->now.symbol_count == *room) {
			struct sca_symbol *more = arena_array(g->c->arena, 2 * *room, sizeof *more);
			if (more == NULL)
				return arena_full(g->err);
			memcpy(more, *symbols, *room * sizeof *more);
			*symbols = more;
			*room *= 2;
		}
		last = symbol;
		(*symbols)[g->now.symbol_count++] = (struct sca_symbol){ file->path, symbol };
	}
	return ASSAY_OK;
}

/* Looked for only when the file of some finding isn't there any more. */
static enum assay_status
list_symbols(struct gazing *g)
{
	size_t room = 1024;
	if (!is_wanted(g))
		return ASSAY_OK;
	struct sca_symbol *symbols = arena_array(g->c->arena, room, sizeof *symbols);
	if (symbols == NULL)
		return arena_full(g->err);
	for (size_t i = 0; i < g->b->code->file_count; i++)
		TRY(symbols_of(g, g->b->code->files[i].file, &symbols, &room));
	g->now.symbols = symbols;
	return ASSAY_OK;
}

/* ---- what is deviated from ---- */

static enum assay_status
list_deviated(struct gazing *g, const struct sca_findings *merged)
{
	struct deviations all;
	struct sca_deviated *deviated = arena_array(g->c->arena, merged->count + 1, sizeof *deviated);
	TRY(deviations_read(g->c, &all, g->err));
	if (deviated == NULL)
		return arena_full(g->err);
	for (size_t i = 0; i < merged->count; i++) {
		const struct sca_finding *f = &merged->items[i];
		const struct sca_subject subject = { .rule = f->rule, .path = f->path, .symbol = f->symbol[0] == '\0' ? NULL : f->symbol,
			.identity = f->identity };
		bool holds = false;
		const struct deviation_seen *one = deviations_find(&all, &subject, &holds);
		if (one == NULL || !holds)
			continue;
		struct sca_deviated *d = &deviated[g->now.deviated_count++];
		d->why = one->d.reason;
		memcpy(d->identity, f->identity, SCA_IDENTITY_SIZE);
	}
	g->now.deviated = deviated;
	return ASSAY_OK;
}

/* ---- what silences checks ---- */

static bool
is_left_out(void *ctx, const char *path)
{
	const struct code_file *f = code_file_find(ctx, path);
	return f == NULL || f->exclude != NULL;
}

/* One mark may name several checks; compilers share a pragma's. */
static enum assay_status
add_silence(struct gazing *g, const struct suppression *one, struct sca_silence *out)
{
	static const char *const compilers[] = { "gcc", "clang" };
	const bool narrow = one->reach <= SUPPRESS_FUNCTION && !one->several && !one->in_macro;
	const bool pragma = one->form == SUPPRESS_PRAGMA;
	const struct sca_silence any = { .path = one->path, .symbol = narrow ? one->symbol : NULL,
		.engine = pragma || one->form == SUPPRESS_DETECTS ? NULL : one->engine };
	if (one->check_count == 0) {
		out[g->now.silence_count++] = any;
		return ASSAY_OK;
	}
	for (size_t i = 0; i < one->check_count; i++) {
		for (size_t k = 0; k < (pragma ? 2u : 1u); k++) {
			struct sca_silence *q = &out[g->now.silence_count++];
			*q = any;
			q->engine = pragma ? compilers[k] : any.engine;
			/* A pattern, or a name that some engine has otherwise: whatever it silences. */
			if (q->engine == NULL || strpbrk(one->checks[i], "*,") != NULL)
				continue;
			q->check = arena_printf(g->c->arena, "%s/%s", q->engine, one->checks[i]);
			if (q->check == NULL)
				return arena_full(g->err);
		}
	}
	return ASSAY_OK;
}

static enum assay_status
list_silences(struct gazing *g)
{
	struct suppressions found;
	size_t count = 0;
	TRY(suppress_find(&g->b->code->tree->sources, is_left_out, unconst(g->b->code), g->c->arena, &found, g->err));
	for (size_t i = 0; i < found.count; i++)
		count += 2 * found.items[i].check_count + 1;
	struct sca_silence *silences = arena_array(g->c->arena, count + 1, sizeof *silences);
	if (silences == NULL)
		return arena_full(g->err);
	/* No engine that runs here obeys a file beside the code. */
	for (size_t i = 0; i < found.count; i++) {
		if (found.items[i].form != SUPPRESS_OPTION)
			TRY(add_silence(g, &found.items[i], silences));
	}
	g->now.silences = silences;
	return ASSAY_OK;
}

enum assay_status
findings_now(const struct judge_context *c, struct findings_base *b, const struct sca_findings *merged, struct sca_now *ret_now,
    struct assay_error *err)
{
	struct gazing g = { .c = c, .b = b, .err = err };
	g.looks = arena_array(c->arena, b->code->file_count * b->code->engine_count + 1, 1);
	if (g.looks == NULL)
		return arena_full(err);
	note_units(&g);
	note_own(&g);
	note_imported(&g);
	TRY(list_units(&g));
	TRY(list_enforced(&g));
	TRY(list_symbols(&g));
	TRY(list_silences(&g));
	TRY(list_deviated(&g, merged));
	g.now.complete = is_complete(&g);
	*ret_now = g.now;
	return ASSAY_OK;
}
