/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an imported report shows of its plants. Results that were taken over from another run carry its nonce, or stand on lines and in
 * files where this one's faults are not.
 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/canon.h>
#include <sca/import.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "assay-import 1\n"

/* ---- the file ---- */

static bool
is_name(const char *name)
{
	const size_t len = strlen(name);
	return len > 0 && len <= IMPORT_NAME_MAX && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

enum assay_status
import_write(const char *name, const struct canary_set *canaries, struct assay_span sarif, struct buf *out, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf record = BUF_INIT(CANARY_RECORD_MAX);
	CLEANUP(canon_unref) json_t *set = NULL;
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	if (!is_name(name)) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' is no name for an import", name);
		return assay_error_todo(err, ASSAY_E_USAGE, "take small letters, digits and '-': codeql");
	}
	TRY(canary_write(canaries, &record, err));
	TRY(canon_read(buf_span(&record), CANARY_RECORD, &set, err));
	TRY(assay_sha256(sarif, digest));
	text_hex((struct assay_span){ digest, sizeof digest }, hex);
	CLEANUP(canon_unref) json_t *head = json_pack("{s:s, s:O, s:s, s:I}", "name", name, "canaries", set, "sarif-sha256", hex,
	    "sarif-size", (json_int_t)sarif.len);
	buf_add_str(out, HEAD);
	TRY(head == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory for an import") : canon_write(head, out, err));
	buf_add_byte(out, '\n');
	buf_add_span(out, sarif);
	return buf_status(out, "an import", err);
}

static enum assay_status
bad(const char *where, const char *what, struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_FORMAT, "'%s' is no import: %s", where, what);
}

static enum assay_status
read_head(const json_t *head, const char *where, struct arena *arena, struct import *x, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf record = BUF_INIT(CANARY_RECORD_MAX);
	const char *name = json_string_value(json_object_get(head, "name"));
	const json_t *canaries = json_object_get(head, "canaries");
	if (name == NULL || !is_name(name) || !json_is_object(canaries))
		return bad(where, "its head lacks a name or the record of what was planted", err);
	x->name = arena_str(arena, name);
	TRY(x->name == NULL ? arena_full(err) : canon_write(canaries, &record, err));
	buf_add_byte(&record, '\n');
	TRY(buf_status(&record, "a record", err));
	return canary_read(buf_span(&record), where, arena, &x->canaries, err);
}

static enum assay_status
read_file(struct assay_span bytes, const char *where, struct arena *arena, struct import *x, struct assay_error *err)
{
	const size_t first = sizeof HEAD - 1;
	CLEANUP(canon_unref) json_t *head = NULL;
	CLEANUP(buf_done) struct buf again = BUF_INIT(IMPORT_SIZE_MAX);
	if (bytes.len > IMPORT_SIZE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "'%s' has %zu bytes, %u are read at most", where, bytes.len, IMPORT_SIZE_MAX);
	if (bytes.len < first || memcmp(bytes.data, HEAD, first) != 0)
		return bad(where, "it doesn't begin as one", err);
	const unsigned char *end = memchr(bytes.data + first, '\n', bytes.len - first);
	if (end == NULL)
		return bad(where, "it ends before the report", err);
	const size_t head_len = (size_t)(end - bytes.data) - first;
	TRY(canon_read((struct assay_span){ bytes.data + first, head_len }, where, &head, err));
	TRY(read_head(head, where, arena, x, err));
	x->sarif = (struct assay_span){ end + 1, bytes.len - first - head_len - 1 };
	TRY(import_write(x->name, &x->canaries, x->sarif, &again, err));
	return assay_span_equal(bytes, buf_span(&again)) ? ASSAY_OK : bad(where, "its head doesn't fit the report behind it", err);
}

/* ---- what runs show ---- */

struct looking {
	struct import *x;
	struct import_shown *shown;
	size_t count;
	struct arena *arena;
	struct assay_error *err;
};

static bool
is_accepted(const struct sarif_result *r)
{
	for (size_t i = 0; i < r->suppression_count; i++) {
		if (r->suppressions[i].status[0] == '\0' || strcmp(r->suppressions[i].status, "accepted") == 0)
			return true;
	}
	return false;
}

/* A result says that something is wrong here, and nobody has put it aside. */
static bool
counts(const struct sarif_result *r)
{
	const bool passes = strcmp(r->level, "none") == 0 || (r->kind[0] != '\0' && strcmp(r->kind, "fail") != 0);
	return !passes && !is_accepted(r) && strcmp(r->baseline, "absent") != 0;
}

/* 3.27.9: "open" and "review" wait for somebody's decision. */
bool
import_is_fault(const struct sarif_result *r)
{
	static const char *const harmless[] = { "pass", "notApplicable", "informational" };
	for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++) {
		if (strcmp(r->kind, harmless[i]) == 0)
			return false;
	}
	return strcmp(r->baseline, "absent") != 0;
}

static const struct canary_plant *
plant_of(const struct import *x, const struct sarif_result *r)
{
	return r->place_count == 0 ? NULL : canary_find(&x->canaries, r->places[0].uri);
}

static bool
is_foreign(const struct import *x, const struct sarif_result *r)
{
	bool foreign = canary_is_foreign(&x->canaries, r->message);
	for (size_t i = 0; i < r->place_count && !foreign; i++)
		foreign = canary_is_foreign(&x->canaries, r->places[i].uri) || canary_is_foreign(&x->canaries, r->places[i].snippet)
		    || canary_is_foreign(&x->canaries, r->places[i].logical) || canary_is_foreign(&x->canaries, r->places[i].message);
	return foreign;
}

static bool
any_foreign(const struct import *x, const struct sarif_run *run)
{
	for (size_t i = 0; i < run->result_count; i++) {
		if (is_foreign(x, &run->results[i]))
			return true;
	}
	for (size_t i = 0; i < run->artifact_count; i++) {
		if (canary_is_foreign(&x->canaries, run->artifacts[i].uri))
			return true;
	}
	return false;
}

static bool
any_altered(const struct import *x, const struct sarif_run *run)
{
	for (size_t i = 0; i < run->artifact_count; i++) {
		const struct sarif_artifact *a = &run->artifacts[i];
		const struct canary_plant *p = canary_find(&x->canaries, a->uri);
		char hex[2 * ASSAY_SHA256_SIZE + 1];
		if (p == NULL || a->sha256[0] == '\0')
			continue;
		text_hex((struct assay_span){ p->sha256, sizeof p->sha256 }, hex);
		if (strcasecmp(hex, a->sha256) != 0)
			return true;
	}
	return false;
}

static bool
any_failed(const struct sarif_run *run)
{
	for (size_t i = 0; i < run->invocation_count; i++) {
		if (run->invocations[i].told && !run->invocations[i].successful)
			return true;
	}
	return false;
}

static bool
same_tool(const struct sarif_run *a, const struct sarif_run *b)
{
	return strcmp(a->tool, b->tool) == 0 && strcmp(a->version, b->version) == 0;
}

/* Each part of the name under which it is imported stands in the one that the tool gives itself: "sonar-qube" in "SonarQube". */
static bool
is_other_tool(const struct import *x, const struct sarif_run *run)
{
	for (const char *part = x->name; *part != '\0'; part += *part == '-') {
		const size_t len = strcspn(part, "-");
		bool found = len == 0;
		for (const char *p = run->tool; *p != '\0' && !found; p++)
			found = strncasecmp(p, part, len) == 0;
		if (!found)
			return true;
		part += len;
	}
	return false;
}

/* What a run says of the revision that it looked at; it may name other repositories as well. */
static bool
is_other_revision(const struct import *x, const struct sarif_run *run)
{
	for (size_t i = 0; i < run->revision_count; i++) {
		if (strcasecmp(run->revisions[i], x->canaries.commit) == 0)
			return false;
	}
	return run->revision_count > 0 && x->canaries.commit[0] != '\0';
}

/* Some producers write a run for each file: the plants may stand in another one of the same tool. */
static bool
any_plants(const struct import *x, const struct import_run *runs, const struct import_run *r)
{
	for (size_t i = 0; i < x->log.run_count; i++) {
		if (runs[i].plants > 0 && same_tool(runs[i].run, r->run))
			return true;
	}
	return false;
}

/* Why nothing that a run shows counts. */
static void
doubt(const struct import *x, const struct import_run *runs, struct import_run *r)
{
	const struct {
		const char *code, *why;
		bool holds;
	} rows[] = {
		{ "run-failed", "the analyser says itself that it didn't get through", CATCH(import_run_failed, any_failed(r->run)) },
		{ "no-results", "it has no list of results, which isn't an empty one", CATCH(import_no_results, !r->run->has_results) },
		{ "foreign-plants", "it shows plants of another run", CATCH(import_foreign_plants, any_foreign(x, r->run)) },
		{ "altered-plants", "it looked at other bytes than those that were planted", CATCH(import_altered_plants, any_altered(x, r->run)) },
		{ "other-tool", "its tool calls itself otherwise", CATCH(import_other_tool, is_other_tool(x, r->run)) },
		{ "other-revision", "it says that it looked at another revision", CATCH(import_other_revision, is_other_revision(x, r->run)) },
		{ "no-plants", "it shows none of what was planted", CATCH(import_no_plants, !any_plants(x, runs, r)) },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0] && r->code == NULL; i++) {
		r->code = rows[i].holds ? rows[i].code : NULL;
		r->why = rows[i].holds ? rows[i].why : NULL;
	}
}

static enum assay_status
look_at(struct looking *l, size_t number, struct import_run *r)
{
	for (size_t i = 0; i < r->run->result_count; i++) {
		const struct sarif_result *result = &r->run->results[i];
		const struct canary_plant *p = plant_of(l->x, result);
		if (p == NULL) {
			r->others++;
			continue;
		}
		if (!counts(result))
			continue;
		if (l->count == IMPORT_SHOWN_MAX)
			return assay_fail(l->err, ASSAY_E_LIMIT, "more than %d results in plants", IMPORT_SHOWN_MAX);
		l->shown[l->count++] = (struct import_shown){ p, result->rule_id, result->places[0].line, number };
		r->plants++;
	}
	return ASSAY_OK;
}

/* What stands in runs that don't count shows nothing. */
static void
drop_doubted(struct looking *l, const struct import_run *runs)
{
	size_t kept = 0;
	for (size_t i = 0; i < l->count; i++) {
		if (runs[l->shown[i].run].code == NULL)
			l->shown[kept++] = l->shown[i];
	}
	l->count = kept;
}

static int
by_plant(const void *a, const void *b)
{
	const struct import_shown *x = a, *y = b;
	const int order = strcmp(x->plant->file, y->plant->file);
	return order != 0 ? order : strcmp(x->check, y->check);
}

enum assay_status
import_read(struct assay_span bytes, const char *where, struct arena *arena, struct import *ret_import, struct assay_error *err)
{
	struct import x = { 0 };
	TRY(read_file(bytes, where, arena, &x, err));
	TRY(sarif_parse(x.sarif, where, arena, &x.log, err));
	struct looking l = { .x = &x, .shown = arena_array(arena, IMPORT_SHOWN_MAX, sizeof *l.shown), .arena = arena, .err = err };
	struct import_run *runs = arena_array(arena, x.log.run_count + 1, sizeof *runs);
	if (l.shown == NULL || runs == NULL)
		return arena_full(err);
	for (size_t i = 0; i < x.log.run_count; i++) {
		runs[i].run = &x.log.runs[i];
		TRY(look_at(&l, i, &runs[i]));
	}
	for (size_t i = 0; i < x.log.run_count; i++)
		doubt(&x, runs, &runs[i]);
	drop_doubted(&l, runs);
	qsort(l.shown, l.count, sizeof *l.shown, by_plant);
	x.runs = runs;
	x.run_count = x.log.run_count;
	x.shown = l.shown;
	x.shown_count = l.count;
	TRY(import_place(&x, arena, err));
	*ret_import = x;
	return ASSAY_OK;
}

/* ---- what that demonstrates ---- */

static bool
is_among(const char *check, const char *const *checks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(checks[i], check) == 0)
			return true;
	}
	return count == 0;
}

/* Of a faulty plant: at its line; of a sound one: anywhere. */
static bool
is_shown(const struct import *x, const struct canary_plant *p, const char *const *checks, size_t count)
{
	for (size_t i = 0; i < x->shown_count; i++) {
		const struct import_shown *s = &x->shown[i];
		const bool here = strcmp(s->plant->file, p->file) == 0 && is_among(s->check, checks, count);
		if (here && (!p->bad || !CATCH(import_other_line, s->line != p->line)))
			return true;
	}
	return false;
}

static int
by_cwe(const void *a, const void *b)
{
	const struct import_weakness *x = a, *y = b;
	return x->cwe < y->cwe ? -1 : x->cwe > y->cwe;
}

size_t
import_weaknesses(const struct import *x, const char *const *checks, size_t check_count,
    struct import_weakness ret_weaknesses[CANARY_PLANTS_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i < x->canaries.count; i++) {
		const struct canary_plant *p = &x->canaries.plants[i];
		size_t k = 0;
		while (k < count && ret_weaknesses[k].cwe != p->cwe)
			k++;
		if (k == count)
			ret_weaknesses[count++] = (struct import_weakness){ .cwe = p->cwe };
		struct import_weakness *w = &ret_weaknesses[k];
		const bool shown = is_shown(x, p, checks, check_count);
		w->bad += p->bad;
		w->good += !p->bad;
		w->caught += p->bad && shown;
		w->flagged += !p->bad && shown;
	}
	qsort(ret_weaknesses, count, sizeof *ret_weaknesses, by_cwe);
	return count;
}

bool
import_is_shown(const struct import_weakness *w)
{
	if (CATCH(import_plant_missed, w->caught < w->bad || w->bad == 0))
		return false;
	return !CATCH(import_twin_flagged, w->flagged > 0 || w->good == 0);
}

bool
import_demonstrates(const struct import *x, const char *const *checks, size_t check_count, const uint32_t *cwes, size_t cwe_count)
{
	struct import_weakness all[CANARY_PLANTS_MAX];
	if (check_count == 0)
		return false;
	const size_t count = import_weaknesses(x, checks, check_count, all);
	for (size_t i = 0; i < count; i++) {
		bool wanted = cwe_count == 0;
		for (size_t k = 0; k < cwe_count; k++)
			wanted |= cwes[k] == all[i].cwe;
		if (wanted && import_is_shown(&all[i]))
			return true;
	}
	return false;
}

bool
import_fires(const struct import *x, const char *check)
{
	for (size_t i = 0; i < x->shown_count; i++) {
		const struct import_shown *s = &x->shown[i];
		if (s->plant->bad && s->line == s->plant->line && strcmp(s->check, check) == 0)
			return true;
	}
	return false;
}
