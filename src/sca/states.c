/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of findings. That one isn't reported proves nothing: its file may be left out, its rule switched off, its engine have
 * failed, or something in the code silence it. CATCH stands where each of these is seen.
 */
#include "merge.h"
#include "sorted.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <sca/records.h>
#include <stdlib.h>
#include <string.h>

struct states {
	const struct sca_now *now;
	const struct sca_register *known;
	const struct sca_unit_seen **units;    /* by path and engine */
	const struct sca_silence **silences;   /* by path */
	const struct sca_symbol **symbols;     /* by symbol */
	const struct sca_closed **closures;    /* by finding */
	const struct sca_deviated **deviated;  /* by identity */
	size_t closure_count;
	bool *reported;                        /* of each entry of known */
	struct assay_error *err;
};

static void
states_done(struct states *s)
{
	free(s->units);
	free(s->silences);
	free(s->symbols);
	free(s->closures);
	free(s->deviated);
	free(s->reported);
}

const char *
sca_finding_state_name(enum sca_finding_state s)
{
	static const char *const names[SCA_FINDING_STATES] = { [SCA_NEW] = "new", [SCA_OPEN] = "open", [SCA_DEVIATED] = "deviated",
		[SCA_FALSE_POSITIVE] = "false-positive", [SCA_FIXED] = "fixed", [SCA_NOT_OBSERVED] = "not-observed" };
	return names[s];
}

static const struct {
	const char *name, *words;
} doubts[SCA_DOUBTS] = {
	[SCA_PROVEN] = { "proven", NULL },
	[SCA_DOUBT_GONE] = { "file-gone", "its file is gone, its symbol stands nowhere, and not all other files were analysed" },
	[SCA_DOUBT_EXCLUDED] = { "excluded", "its file is left out of the analysis" },
	[SCA_DOUBT_NOT_ANALYSED] = { "not-analysed", "an engine that enforces its rule was not given the file" },
	[SCA_DOUBT_ENGINE_FAILED] = { "engine-failed", "an engine that enforces its rule failed on the file" },
	[SCA_DOUBT_RULE_DISABLED] = { "rule-disabled", "no check in use enforces its rule" },
	[SCA_DOUBT_UNDEMONSTRATED] = { "not-demonstrated", "the check that enforces its rule was not shown to work" },
	[SCA_DOUBT_SUPPRESSED] = { "suppressed", "something in the code silences that check there" },
	[SCA_DOUBT_NO_CLOSURE] = { "no-closure", "nobody has closed it" },
	[SCA_DOUBT_CLOSURE] = { "closure-bad", "its closure doesn't hold" },
};

const char *
sca_doubt_name(enum sca_doubt d)
{
	return doubts[d].name;
}

/* ---- what is looked up ---- */

static int
compare_unit(const struct sca_unit_seen *a, const struct sca_unit_seen *b)
{
	const int order = strcmp(a->path, b->path);
	return order != 0 ? order : strcmp(a->engine == NULL ? "" : a->engine, b->engine == NULL ? "" : b->engine);
}

static int
compare_silence(const struct sca_silence *a, const struct sca_silence *b)
{
	return strcmp(a->path, b->path);
}

static int
compare_symbol(const struct sca_symbol *a, const struct sca_symbol *b)
{
	const int order = strcmp(a->symbol, b->symbol);
	return order != 0 ? order : strcmp(a->path, b->path);
}

static int
compare_closed(const struct sca_closed *a, const struct sca_closed *b)
{
	const int order = strcmp(a->c.finding, b->c.finding);
	/* Those that hold come first. */
	const int held = (int)(a->why != NULL) - (int)(b->why != NULL);
	return order != 0 ? order : held != 0 ? held : strcmp(a->path, b->path);
}

static int
compare_deviated(const struct sca_deviated *a, const struct sca_deviated *b)
{
	return strcmp(a->identity, b->identity);
}

SORTED(units, struct sca_unit_seen, compare_unit)
SORTED(silences, struct sca_silence, compare_silence)
SORTED(symbols, struct sca_symbol, compare_symbol)
SORTED(closures, struct sca_closed, compare_closed)
SORTED(deviated, struct sca_deviated, compare_deviated)

static const struct sca_closed *
closure_of(const struct states *s, const char *identity)
{
	struct sca_closed wanted = { .path = "" };
	memcpy(wanted.c.finding, identity, SCA_IDENTITY_SIZE);
	const size_t i = closures_from(s->closures, s->closure_count, &wanted);
	const struct sca_closed *found = i < s->closure_count ? s->closures[i] : NULL;
	return found != NULL && strcmp(found->c.finding, identity) == 0 ? found : NULL;
}

static const struct sca_deviated *
deviation_of(const struct states *s, const char *identity)
{
	struct sca_deviated wanted = { .why = NULL };
	memcpy(wanted.identity, identity, SCA_IDENTITY_SIZE);
	const size_t i = deviated_from(s->deviated, s->now->deviated_count, &wanted);
	return i < s->now->deviated_count && strcmp(s->deviated[i]->identity, identity) == 0 ? s->deviated[i] : NULL;
}

/* ---- whether what isn't reported is gone ---- */

/* Where to look for it: its file, or the one that its symbol has moved to. NULL: neither is there. */
static const char *
look_in(const struct states *s, const struct sca_entry *e)
{
	const struct sca_unit_seen file = { .path = e->path };
	const size_t i = units_from(s->units, s->now->unit_count, &file);
	if (i < s->now->unit_count && strcmp(s->units[i]->path, e->path) == 0)
		return e->path;
	const struct sca_symbol symbol = { .symbol = e->symbol, .path = "" };
	const size_t k = s->now->symbols == NULL ? s->now->symbol_count : symbols_from(s->symbols, s->now->symbol_count, &symbol);
	const bool moved = e->symbol[0] != '\0' && k < s->now->symbol_count && strcmp(s->symbols[k]->symbol, e->symbol) == 0;
	return moved ? s->symbols[k]->path : NULL;
}

static bool
is_excluded(const struct states *s, const char *path)
{
	const struct sca_unit_seen file = { .path = path };
	for (size_t i = units_from(s->units, s->now->unit_count, &file); i < s->now->unit_count; i++) {
		if (strcmp(s->units[i]->path, path) != 0)
			break;
		if (s->units[i]->result == SCA_UNIT_EXCLUDED && s->units[i]->engine == NULL)
			return true;
	}
	return false;
}

/* One file may be in several units: each of them must have gone well. */
static enum sca_doubt
engine_saw(const struct states *s, const char *path, const char *engine)
{
	const struct sca_unit_seen unit = { .path = path, .engine = engine };
	enum sca_doubt doubt = SCA_DOUBT_NOT_ANALYSED;
	for (size_t i = units_from(s->units, s->now->unit_count, &unit); i < s->now->unit_count; i++) {
		const struct sca_unit_seen *u = s->units[i];
		if (strcmp(u->path, path) != 0 || u->engine == NULL || strcmp(u->engine, engine) != 0)
			break;
		if (CATCH(find_engine_failed, u->result == SCA_UNIT_FAILED))
			return SCA_DOUBT_ENGINE_FAILED;
		if (u->result != SCA_UNIT_EXCLUDED)
			doubt = SCA_PROVEN;
	}
	return doubt;
}

static bool
is_silenced(const struct states *s, const char *path, const struct sca_entry *e, const struct sca_enforced *by)
{
	const struct sca_silence file = { .path = path };
	for (size_t i = silences_from(s->silences, s->now->silence_count, &file); i < s->now->silence_count; i++) {
		const struct sca_silence *q = s->silences[i];
		if (strcmp(q->path, path) != 0)
			break;
		const bool here = q->symbol == NULL || strcmp(q->symbol, e->symbol) == 0;
		const bool engine = q->engine == NULL || strcmp(q->engine, by->engine) == 0;
		if (here && engine && (q->check == NULL || strcmp(q->check, by->check) == 0))
			return true;
	}
	return false;
}

static bool
is_reporter(const struct sca_entry *e, const struct sca_enforced *by)
{
	for (size_t i = 0; i < e->checks.count; i++) {
		if (strcmp(e->checks.items[i], by->check) == 0)
			return true;
	}
	return false;
}

/* What speaks against one check's silence. path NULL: there is nothing left that it could look at. */
static enum sca_doubt
doubt_check(const struct states *s, const struct sca_entry *e, const struct sca_enforced *by, const char *path)
{
	const enum sca_doubt seen = path == NULL ? SCA_PROVEN : engine_saw(s, path, by->engine);
	if (CATCH(find_unit_unseen, seen != SCA_PROVEN))
		return seen;
	if (CATCH(find_undemonstrated, !by->demonstrated))
		return SCA_DOUBT_UNDEMONSTRATED;
	if (CATCH(find_silenced, path != NULL && is_silenced(s, path, e, by)))
		return SCA_DOUBT_SUPPRESSED;
	return SCA_PROVEN;
}

/* Each check that reported it and is still in use must be above doubt; when none is, each that enforces its rule now. */
static enum sca_doubt
doubt_rule(const struct states *s, const struct sca_entry *e, const char *path)
{
	bool reporters = false, enforced = false;
	for (size_t i = 0; i < s->now->enforced_count; i++) {
		const struct sca_enforced *by = &s->now->enforced[i];
		const bool same = strcmp(by->rule, e->rule) == 0;
		enforced |= same;
		reporters |= same && is_reporter(e, by);
	}
	if (CATCH(find_rule_disabled, !enforced))
		return SCA_DOUBT_RULE_DISABLED;
	enum sca_doubt worst = SCA_PROVEN;
	for (size_t i = 0; i < s->now->enforced_count; i++) {
		const struct sca_enforced *by = &s->now->enforced[i];
		if (strcmp(by->rule, e->rule) != 0 || (reporters && !is_reporter(e, by)))
			continue;
		const enum sca_doubt doubt = doubt_check(s, e, by, path);
		if (doubt != SCA_PROVEN && (worst == SCA_PROVEN || doubt < worst))
			worst = doubt;
	}
	return worst;
}

static enum sca_doubt
doubt_absence(const struct states *s, const struct sca_entry *e)
{
	const char *path = look_in(s, e);
	/* Code that went elsewhere under another name is reported there, if all of it was looked at. */
	if (CATCH(find_place_gone, path == NULL && (s->now->symbols == NULL || !s->now->complete)))
		return SCA_DOUBT_GONE;
	if (CATCH(find_excluded, path != NULL && is_excluded(s, path)))
		return SCA_DOUBT_EXCLUDED;
	return doubt_rule(s, e, path);
}

/* ---- states ---- */

static void
describe(struct sca_finding *f, const struct sca_entry *e)
{
	f->registered = true;
	f->first_seen = e->first_seen;
	f->problem = e->problem;
	f->reach = e->reach;
	f->safety = e->safety;
	f->exploitability = e->exploitability;
}

static void
judge_reported(const struct states *s, struct sca_finding *f)
{
	const struct sca_closed *closed = closure_of(s, f->identity);
	const struct sca_deviated *deviated = deviation_of(s, f->identity);
	for (size_t i = 0; i < f->also_count; i++) {
		closed = closed != NULL ? closed : closure_of(s, f->also[i]);
		deviated = deviated != NULL ? deviated : deviation_of(s, f->also[i]);
	}
	f->state = f->registered || closed != NULL ? SCA_OPEN : SCA_NEW;
	if (closed != NULL && closed->c.state == SCA_CLOSE_FALSE_POSITIVE && !CATCH(find_argument_bad, closed->why != NULL)) {
		f->state = SCA_FALSE_POSITIVE;
		f->why = closed->c.reason;
		return;
	}
	if (deviated != NULL) {
		f->state = SCA_DEVIATED;
		f->why = deviated->why;
		return;
	}
	f->reopened = closed != NULL && closed->c.state == SCA_CLOSE_FIXED;
	f->why = f->reopened ? "it was closed as fixed, and is reported again" : closed != NULL ? closed->why : NULL;
}

static void
judge_absent(const struct states *s, const struct sca_entry *e, struct sca_finding *f)
{
	const struct sca_closed *closed = closure_of(s, e->identity);
	const bool holds = closed != NULL && !CATCH(find_closure_bad, closed->why != NULL);
	f->state = SCA_NOT_OBSERVED;
	if (holds && closed->c.state == SCA_CLOSE_FALSE_POSITIVE) {
		f->state = SCA_FALSE_POSITIVE;
		f->why = closed->c.reason;
		return;
	}
	f->doubt = doubt_absence(s, e);
	if (f->doubt == SCA_PROVEN && closed == NULL)
		f->doubt = SCA_DOUBT_NO_CLOSURE;
	else if (f->doubt == SCA_PROVEN && !holds)
		f->doubt = SCA_DOUBT_CLOSURE;
	f->why = f->doubt == SCA_DOUBT_CLOSURE ? closed->why : doubts[f->doubt].words;
	/* The one place where a finding is closed. */
	if (f->doubt == SCA_PROVEN) {
		f->state = SCA_FIXED;
		f->why = closed->c.reason;
	}
}

/* ---- who is who ---- */

/* Among findings that stand alike in several files, the one in the file that the register names keeps the name it has there. */
static enum assay_status
settle_shared(const struct states *s, struct sca_findings *found)
{
	for (size_t i = 0; i < found->count; i++) {
		struct sca_finding *f = &found->items[i];
		const struct sca_entry *e = f->shared ? sca_register_find(s->known, f->common) : NULL;
		if (e == NULL || strcmp(e->path, f->path) != 0 || strcmp(f->identity, f->common) == 0)
			continue;
		for (size_t k = 0; k < found->count; k++) {
			if (strcmp(found->items[k].identity, f->common) == 0)
				TRY(sca_identity_in(f->common, found->items[k].path, found->items[k].identity, s->err));
		}
		memcpy(f->identity, f->common, SCA_IDENTITY_SIZE);
	}
	return ASSAY_OK;
}

static const struct sca_entry *
mark(const struct states *s, const char *identity)
{
	const struct sca_entry *e = sca_register_find(s->known, identity);
	if (e != NULL)
		s->reported[e - s->known->entries] = true;
	return e;
}

/* Under any of its names it is the one that the register knows. */
static void
recognise(const struct states *s, struct sca_finding *f)
{
	const struct sca_entry *e = mark(s, f->identity);
	for (size_t i = 0; i < f->also_count; i++) {
		const struct sca_entry *other = mark(s, f->also[i]);
		if (e != NULL || other == NULL)
			continue;
		e = other;
		memcpy(f->identity, e->identity, SCA_IDENTITY_SIZE);
	}
	if (e != NULL)
		describe(f, e);
}

static enum assay_status
sort_all(struct states *s, const struct sca_closed *closures)
{
	TRY(units_sort(s->now->units, s->now->unit_count, &s->units, s->err));
	TRY(silences_sort(s->now->silences, s->now->silence_count, &s->silences, s->err));
	TRY(symbols_sort(s->now->symbols, s->now->symbols == NULL ? 0 : s->now->symbol_count, &s->symbols, s->err));
	TRY(closures_sort(closures, s->closure_count, &s->closures, s->err));
	TRY(deviated_sort(s->now->deviated, s->now->deviated_count, &s->deviated, s->err));
	s->reported = calloc(s->known->count + 1, sizeof *s->reported);
	return s->reported == NULL ? assay_fail(s->err, ASSAY_E_MEMORY, "no memory for the register") : ASSAY_OK;
}

enum assay_status
sca_states(const struct sca_findings *merged, const struct sca_register *known, const struct sca_closed *closures,
    size_t closure_count, const struct sca_now *now, struct arena *arena, struct sca_findings *ret_findings,
    struct assay_error *err)
{
	CLEANUP(states_done) struct states s = { .now = now, .known = known, .closure_count = closure_count, .err = err };
	struct sca_findings found = { arena_array(arena, merged->count + known->count + 1, sizeof *found.items), merged->count };
	if (found.items == NULL)
		return arena_full(err);
	if (merged->count > 0)
		memcpy(found.items, merged->items, merged->count * sizeof *found.items);
	TRY(sort_all(&s, closures));
	TRY(settle_shared(&s, &found));
	for (size_t i = 0; i < merged->count; i++) {
		recognise(&s, &found.items[i]);
		judge_reported(&s, &found.items[i]);
	}
	for (size_t i = 0; i < known->count; i++) {
		const struct sca_entry *e = &known->entries[i];
		if (s.reported[i])
			continue;
		struct sca_finding *f = &found.items[found.count++];
		*f = (struct sca_finding){ .rule = e->rule, .severity = e->severity, .symbol = e->symbol, .path = e->path,
			.message = "not reported any more" };
		memcpy(f->identity, e->identity, SCA_IDENTITY_SIZE);
		memcpy(f->common, e->identity, SCA_IDENTITY_SIZE);
		describe(f, e);
		judge_absent(&s, e, f);
	}
	*ret_findings = found;
	return ASSAY_OK;
}
