/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay import: keeps a report of an analyser that is run elsewhere, with what was planted for it, as one file, and says what the report
 * shows of the plants.
 */
#include "cli.h"
#include "output.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <codec/canon.h>
#include <fcntl.h>
#include <sca/import.h>
#include <string.h>

#define ARENA_MAX ((size_t)2 << 30)

struct importing {
	struct cli *cli;
	struct arena *arena;
	struct buf file;
	struct import x;
	const char *path;
	struct import_weakness weaknesses[CANARY_PLANTS_MAX];
	size_t count;
};

static void
importing_done(struct importing *m)
{
	buf_done(&m->file);
	arena_free(&m->arena);
}

/* A run that shows nothing speaks for nothing; one that counts has to show a weakness whole. */
static size_t
demonstrated(const struct importing *m)
{
	size_t count = 0;
	for (size_t i = 0; i < m->count; i++)
		count += import_is_shown(&m->weaknesses[i]);
	return count;
}

/* ---- answers ---- */

/* The checks that report a faulty plant of the weakness at its line, each once. */
static json_t *
checks_json(const struct import *x, uint32_t cwe)
{
	json_t *list = json_array();
	const char *last = NULL;
	for (size_t i = 0; list != NULL && i < x->shown_count; i++) {
		const struct import_shown *s = &x->shown[i];
		const bool again = last != NULL && strcmp(last, s->check) == 0;
		if (!s->plant->bad || s->plant->cwe != cwe || s->line != s->plant->line || again)
			continue;
		last = s->check;
		if (json_array_append_new(list, canon_text(assay_span_str(s->check))) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
weaknesses_json(const struct importing *m)
{
	json_t *list = json_array();
	for (size_t i = 0; list != NULL && i < m->count; i++) {
		const struct import_weakness *w = &m->weaknesses[i];
		json_t *one = json_pack("{s:i, s:i, s:i, s:i, s:i, s:b, s:o}", "cwe", (int)w->cwe, "bad", (int)w->bad, "caught", (int)w->caught,
		    "good", (int)w->good, "flagged", (int)w->flagged, "demonstrated", import_is_shown(w), "checks",
		    checks_json(&m->x, w->cwe));
		if (json_array_append_new(list, one) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
runs_json(const struct importing *m)
{
	json_t *list = json_array();
	for (size_t i = 0; list != NULL && i < m->x.run_count; i++) {
		const struct import_run *r = &m->x.runs[i];
		json_t *one = json_pack("{s:o, s:o, s:s?, s:s?, s:i, s:i}", "tool", canon_text(assay_span_str(r->run->tool)), "version",
		    canon_text(assay_span_str(r->run->version)), "code", r->code, "because", r->why, "in-plants", (int)r->plants, "elsewhere",
		    (int)r->others);
		if (json_array_append_new(list, one) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static enum assay_status
say_json(const struct importing *m, const char *digest, struct buf *out, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *root = json_pack("{s:s, s:s, s:o, s:s, s:i, s:o, s:o}", "schema", "assay-import/1", "name", m->x.name,
	    "written", canon_text(assay_span_str(m->path)), "sha256", digest, "demonstrated", (int)demonstrated(m), "runs", runs_json(m),
	    "weaknesses", weaknesses_json(m));
	TRY(root == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory for the answer") : canon_write(root, out, err));
	buf_add_byte(out, '\n');
	return buf_status(out, "the answer", err);
}

static bool
same_line(const struct import_run *a, const struct import_run *b)
{
	return a->code == b->code && strcmp(a->run->tool, b->run->tool) == 0 && strcmp(a->run->version, b->run->version) == 0;
}

/* Runs of one tool that come to the same are one line. */
static void
say_runs(const struct importing *m, struct buf *out)
{
	for (size_t i = 0; i < m->x.run_count; i++) {
		const struct import_run *r = &m->x.runs[i];
		size_t runs = 0, plants = 0, others = 0;
		bool told = false;
		for (size_t k = 0; k < m->x.run_count; k++) {
			if (!same_line(r, &m->x.runs[k]))
				continue;
			told |= k < i;
			runs++;
			plants += m->x.runs[k].plants;
			others += m->x.runs[k].others;
		}
		if (told)
			continue;
		buf_addf(out, "%zu run%s  ", runs, runs == 1 ? "" : "s");
		text_escape(out, assay_span_str(r->run->tool), false);
		buf_add_byte(out, ' ');
		text_escape(out, assay_span_str(r->run->version), false);
		buf_addf(out, ": %zu results in plants, %zu elsewhere%s%s\n", plants, others, r->why != NULL ? "; doesn't count: " : "",
		    r->why != NULL ? r->why : "");
	}
}

static enum assay_status
say_text(const struct importing *m, const char *digest, struct buf *out, struct assay_error *err)
{
	say_runs(m, out);
	for (size_t i = 0; i < m->count; i++) {
		const struct import_weakness *w = &m->weaknesses[i];
		buf_addf(out, "CWE-%-4u %s: %zu of %zu faulty caught, %zu of %zu sound flagged\n", w->cwe,
		    import_is_shown(w) ? "demonstrated" : "not shown", w->caught, w->bad, w->flagged, w->good);
	}
	buf_add_str(out, "written ");
	text_escape(out, assay_span_str(m->path), false);
	buf_addf(out, "\nsha256  %s\n", digest);
	return buf_status(out, "the answer", err);
}

/* ---- the import ---- */

static enum assay_status
read_inputs(struct importing *m, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf sarif = BUF_INIT(SCA_OUTPUT_MAX), record = BUF_INIT(CANARY_RECORD_MAX);
	struct canary_set set;
	const struct cli *cli = m->cli;
	if (cli->canaries == NULL || cli->name == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "an import needs the record of what was planted, and a name for the analyser");
		return assay_error_todo(err, ASSAY_E_USAGE, "add --canaries FOLDER/" CANARY_RECORD " --name codeql; 'assay canary plant' makes the first");
	}
	TRY(file_read(AT_FDCWD, cli->args[0], &sarif, err));
	TRY(file_read(AT_FDCWD, cli->canaries, &record, err));
	TRY(canary_read(buf_span(&record), cli->canaries, m->arena, &set, err));
	TRY(import_write(cli->name, &set, buf_span(&sarif), &m->file, err));
	return import_read(buf_span(&m->file), cli->args[0], m->arena, &m->x, err);
}

static enum assay_status
import(struct importing *m, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	if (arena_new(ARENA_MAX, &m->arena) != ASSAY_OK)
		return arena_full(err);
	TRY(read_inputs(m, err));
	m->count = import_weaknesses(&m->x, NULL, 0, m->weaknesses);
	m->path = m->cli->out != NULL ? m->cli->out : arena_printf(m->arena, "%s.assay-import", m->x.name);
	if (m->path == NULL)
		return arena_full(err);
	TRY(file_write_atomic(AT_FDCWD, m->path, buf_span(&m->file), 0666, err));
	TRY(assay_sha256(buf_span(&m->file), digest));
	text_hex((struct assay_span){ digest, sizeof digest }, hex);
	TRY(m->cli->json ? say_json(m, hex, &out, err) : say_text(m, hex, &out, err));
	return cli_print(&out, err);
}

int
verb_import(struct cli *cli, struct assay_error *err)
{
	CLEANUP(importing_done) struct importing m = { .cli = cli, .file = BUF_INIT(IMPORT_SIZE_MAX) };
	if (import(&m, err) != ASSAY_OK)
		return cli_error(cli, err);
	return demonstrated(&m) > 0 ? EXIT_NO_GAP : EXIT_GAP;
}
