/* SPDX-License-Identifier: Apache-2.0 */
#include "sample_findings.h"

#include <assay/hash.h>
#include <base/text.h>
#include <string.h>

#define ENGINES 4

static const struct {
	const char *rule;
	enum standard_severity severity;
	const char *message;
	const char *line; /* at fault; '#' becomes a number */
	const char *checks[ENGINES];
} kinds[] = {
	{ "cert-c/ARR30-C", SEVERITY_HIGH, "index # is past the end of 'buffer'", "\tbuffer[length + #] = '\\0';",
	    { "gcc/-Wanalyzer-out-of-bounds", "clang/security.ArrayBound", "cppcheck/arrayIndexOutOfBounds", NULL } },
	{ "cert-c/MEM30-C", SEVERITY_HIGH, "'frame' is used after it was released at line #", "\tsend(link, frame->bytes, #);",
	    { "gcc/-Wanalyzer-use-after-free", "clang/unix.Malloc", NULL, NULL } },
	{ "cert-c/ERR33-C", SEVERITY_MEDIUM, "nobody looks at what 'fwrite' returns for record #",
	    "\tfwrite(record, sizeof *record, #, log);", { "assay/unchecked-result", NULL, NULL, NULL } },
	{ "cert-c/EXP33-C", SEVERITY_HIGH, "'rate#' may be read before it is set", "\tif (rate# > limit && pump->is_running)",
	    { "clang/core.uninitialized.Assign", "gcc/-Wmaybe-uninitialized", "cppcheck/uninitvar", "clang-tidy/clang-analyzer-core.CallAndMessage" } },
	{ "cert-c/MSC30-C", SEVERITY_MEDIUM, "rand() is no source of chance for session #", "\tsession->id = rand() % #;",
	    { "assay/weak-random", "flawfinder/random", NULL, NULL } },
	{ "cert-c/DCL37-C", SEVERITY_LOW, "'_reserved#' is a name that belongs to the implementation", "static int _reserved#;",
	    { "assay/reserved-name", NULL, NULL, NULL } },
	{ "own/no-blocking-call", SEVERITY_NOT_GIVEN, "a call that waits stands in interrupt handler #", "\tsem_wait(&queue[#].lock);",
	    { "assay/no-blocking-call", NULL, NULL, NULL } },
};
#define KINDS (sizeof kinds / sizeof kinds[0])
static const char *const folders[] = { "src/pump", "src/net", "src/update", "lib/log", "src/ui/screens" };
#define FOLDERS (sizeof folders / sizeof folders[0])

struct making {
	struct sample *s;
	const char *const *hostile; /* SAMPLE_HOSTILE of them, or NULL */
	bool failed;
};

static const char *
text(struct making *m, const char *t)
{
	m->failed |= t == NULL;
	return t != NULL ? t : "";
}

/* With n in place of the '#'. */
static const char *
numbered(struct making *m, const char *words, size_t n)
{
	const size_t before = strcspn(words, "#");
	return text(m, arena_printf(m->s->arena, "%.*s%zu%s", (int)before, words, n, words + before + 1));
}

static void
identity(struct making *m, struct sca_finding *f, size_t n)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	const char *seed = text(m, arena_printf(m->s->arena, "finding %zu", n));
	m->failed |= assay_sha256(assay_span_str(seed), digest) != ASSAY_OK;
	if (!m->failed)
		text_hex((struct assay_span){ digest, sizeof digest }, f->identity);
}

static void
reports(struct making *m, struct sca_finding *f, size_t kind, size_t wanted)
{
	struct sca_seen *seen = arena_array(m->s->arena, ENGINES, sizeof *seen);
	const struct sca_seen **list = arena_array(m->s->arena, ENGINES, sizeof *list);
	m->failed |= seen == NULL || list == NULL;
	for (size_t i = 0; !m->failed && i < ENGINES && i < wanted && kinds[kind].checks[i] != NULL; i++) {
		const char *check = kinds[kind].checks[i];
		const char *engine = text(m, arena_copy(m->s->arena, (struct assay_span){ (const unsigned char *)check, strcspn(check, "/") }));
		seen[i] = (struct sca_seen){ .engine = engine, .check = check, .rule = f->rule, .severity = f->severity,
			.message = i == 0 ? f->message : text(m, arena_printf(m->s->arena, "%s, as %s words it", f->message, engine)),
			.path = f->path, .line = f->line + (unsigned)i % 2, .column = f->column };
		list[i] = &seen[i];
		f->report_count++;
		f->engines++;
	}
	f->reports = list;
}

static void
describe(struct sca_finding *f, size_t n)
{
	static const enum sca_finding_state states[] = { SCA_NEW, SCA_OPEN, SCA_OPEN, SCA_DEVIATED, SCA_OPEN, SCA_FALSE_POSITIVE,
		SCA_NOT_OBSERVED, SCA_OPEN, SCA_FIXED, SCA_NEW, SCA_OPEN };
	static const char *const whys[SCA_FINDING_STATES] = { [SCA_DEVIATED] = "DEV-12 holds until 2025-03-01",
		[SCA_FALSE_POSITIVE] = "the caller has checked the length: src/net/frame.c",
		[SCA_FIXED] = "closed with commit 7c1a90d2c4e6 and test 'frame too long'",
		[SCA_NOT_OBSERVED] = "an engine that enforces the rule failed on the file" };
	f->state = states[n % (sizeof states / sizeof states[0])];
	f->why = whys[f->state];
	f->doubt = f->state == SCA_NOT_OBSERVED ? SCA_DOUBT_ENGINE_FAILED : SCA_PROVEN;
	f->registered = f->state != SCA_NEW;
	f->reopened = f->state == SCA_OPEN && n % 7 == 4;
	if (!f->registered)
		return;
	f->first_seen = "7c1a90d2c4e6a8b0c1d2e3f405162738495a6b7c";
	if (f->severity == SEVERITY_HIGH && n % 3 == 1) {
		f->problem = "PR-4711";
		f->reach = "frames from the radio";
		f->safety = "a wrong rate until the watchdog stops the pump";
		f->exploitability = "whoever is in range, without a key";
	}
}

static void
one(struct making *m, struct sca_finding *f, size_t n)
{
	const size_t kind = n % KINDS;
	*f = (struct sca_finding){ .rule = kinds[kind].rule, .severity = kinds[kind].severity };
	identity(m, f, n);
	describe(f, n);
	f->path = text(m, arena_printf(m->s->arena, "%s/part%zu.c", folders[n % FOLDERS], n / 40));
	f->symbol = kind == 5 ? "" : text(m, arena_printf(m->s->arena, "handle_%zu", n % 400));
	f->message = numbered(m, kinds[kind].message, n % 300);
	if (m->hostile != NULL) {
		f->message = m->hostile[n % SAMPLE_HOSTILE];
		f->symbol = m->hostile[(n + 1) % SAMPLE_HOSTILE];
		f->path = m->hostile[(n + 2) % SAMPLE_HOSTILE];
		f->why = m->hostile[(n + 3) % SAMPLE_HOSTILE];
	}
	if (f->state == SCA_NOT_OBSERVED || f->state == SCA_FIXED)
		return;
	f->line = (unsigned)(n % 40 * 20 + 12);
	f->column = n % 5 == 0 ? 0 : 2;
	f->excerpt = text(m, arena_printf(m->s->arena, "handle_%zu(struct link *link, size_t length)\n{\n%s\n\tlog_frame(%zu, \"<&> %%\");\n\treturn %s;\n",
	    n % 400, numbered(m, kinds[kind].line, n % 300), n, m->hostile != NULL ? m->hostile[n % SAMPLE_HOSTILE] : "0"));
	reports(m, f, kind, 1 + n % ENGINES);
}

bool
sample_findings_make(struct sample *s, size_t count, const char *const *hostile)
{
	struct making m = { .s = s, .hostile = hostile };
	struct sca_findings *all = arena_alloc(s->arena, sizeof *all);
	struct sca_finding *items = arena_array(s->arena, count + 1, sizeof *items);
	if (all == NULL || items == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		one(&m, &items[i], i);
	*all = (struct sca_findings){ items, count };
	s->verdicts.findings = all;
	/* A control names the last one. */
	for (size_t i = 0; i < s->verdicts.control_count; i++) {
		struct control_verdict *v = &s->verdicts.controls[i];
		if (v->finding_count > 0 && count > 0)
			v->findings[0].object = items[count - 1].identity;
	}
	return !m.failed;
}
