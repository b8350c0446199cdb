/* SPDX-License-Identifier: Apache-2.0 */
#include <judge/skeleton.h>

#include <base/cleanup.h>
#include <base/when.h>
#include <judge/claims.h>
#include <stdio.h>
#include <string.h>

#define PARAMETER_MAX 80
#define YEARS_MAX 5
#define REVIEW_MONTHS 12

enum language { ENGLISH, GERMAN, LANGUAGES };

struct writing {
	const struct judge_context *c;
	enum language language;
	struct policy_document proposed; /* what policy.yaml would say of the document */
	struct buf *out;
	struct skeleton *done;
	struct assay_error *err;
};

/* ---- what is said beside the claims ---- */

enum said { TITLE, ABOUT, VERSION, OPEN_TITLE, OPEN_ABOUT, SAID_COUNT };

static const char *const texts[SAID_COUNT][LANGUAGES] = {
	[TITLE] = { "Security policy of the development environment", "Sicherheitsrichtlinie der Entwicklungsumgebung" },
	[ABOUT] = { "This document describes how the development environment is protected, as found on", "Dieses Dokument "
		"beschreibt, wie die Entwicklungsumgebung geschützt ist; Stand der Feststellungen ist der" },
	[VERSION] = { "Version", "Version" },
	[OPEN_TITLE] = { "Not shown yet", "Noch nicht gezeigt" },
	[OPEN_ABOUT] = { "These claims are left out, because nothing shows them:",
		"Diese Aussagen fehlen, weil nichts sie zeigt:" },
};

/* The sections, by the beginning of the control's id; "" takes what is left. */
static const struct {
	const char *prefixes; /* separated by blanks */
	const char *title[LANGUAGES];
} sections[] = {
	{ "repo.", { "Source repository", "Quelltext-Repository" } },
	{ "ci.", { "Pipelines", "Pipelines" } },
	{ "dep.", { "Dependencies", "Abhängigkeiten" } },
	{ "build. host.", { "Build and workstations", "Build und Arbeitsplätze" } },
	{ "access. people. scope. change. delivery. artifact. tool.", { "People, access and changes",
		"Personen, Zugriff und Änderungen" } },
	{ "", { "Risks, keys and this policy", "Risiken, Schlüssel und diese Richtlinie" } },
};

#define SECTIONS (sizeof sections / sizeof sections[0])

static size_t
section_of(const struct claim_kind *k)
{
	for (size_t i = 0; i + 1 < SECTIONS && k->control != NULL; i++) {
		for (const char *p = sections[i].prefixes; *p != '\0'; p += strcspn(p, " "), p += strspn(p, " ")) {
			if (strncmp(k->control, p, strcspn(p, " ")) == 0)
				return i;
		}
	}
	return SECTIONS - 1;
}

/* ---- parameters, from what is so ---- */

static enum assay_status
holds(const struct writing *w, struct claim *claim, bool *ret_holds)
{
	claim->document = &w->proposed;
	TRY(claim_judge(w->c, claim, w->err));
	*ret_holds = claim->state == CLAIM_TRUE;
	return ASSAY_OK;
}

/* The shortest number of years that holds. */
static enum assay_status
fewest_years(const struct writing *w, struct claim *claim, bool *ret_holds)
{
	*ret_holds = false;
	for (uint32_t years = 1; years <= YEARS_MAX && !*ret_holds; years++) {
		claim->number = (struct docs_number){ 12 * years, DOCS_MONTHS, false };
		TRY(holds(w, claim, ret_holds));
	}
	return ASSAY_OK;
}

static enum assay_status
most_people(const struct writing *w, struct claim *claim, bool *ret_holds)
{
	uint32_t most = 0;
	for (uint32_t n = 1; n <= w->c->input->roster->count; n++) {
		bool so = false;
		claim->number = (struct docs_number){ n, DOCS_COUNT, false };
		TRY(holds(w, claim, &so));
		most = so ? n : most;
	}
	claim->number.value = most;
	claim->state = most > 1 ? CLAIM_TRUE : CLAIM_UNENFORCED;
	*ret_holds = most > 1;
	return ASSAY_OK;
}

static enum assay_status
skew(const struct writing *w, struct claim *claim, bool *ret_holds)
{
	claim->number = (struct docs_number){ w->c->input->policy->skew_seconds, DOCS_COUNT, false };
	TRY(holds(w, claim, ret_holds));
	*ret_holds = *ret_holds && claim->number.value > 0;
	return ASSAY_OK;
}

static enum assay_status
access_review(const struct writing *w, struct claim *claim, bool *ret_holds)
{
	claim->number = (struct docs_number){ w->c->input->policy->access_review_days, DOCS_DAYS, false };
	return holds(w, claim, ret_holds);
}

static enum assay_status
policy_review(const struct writing *w, struct claim *claim, bool *ret_holds)
{
	claim->number = (struct docs_number){ REVIEW_MONTHS, DOCS_MONTHS, false };
	return holds(w, claim, ret_holds);
}

static enum assay_status
platform(const struct writing *w, struct claim *claim, bool *ret_holds)
{
	static const char *const words[] = { "refuse", "merges", "accept" };
	claim->word = words[w->c->input->policy->platform];
	return holds(w, claim, ret_holds);
}

static const struct {
	const char *kind;
	enum assay_status (*fill)(const struct writing *w, struct claim *claim, bool *ret_holds);
} fillers[] = {
	{ "key-rotation", fewest_years },
	{ "people", most_people },
	{ "clock-skew", skew },
	{ "access-review", access_review },
	{ "policy-review", policy_review },
	{ "platform-signatures", platform },
};

/* A kind with a parameter that nothing in the facts suggests is never written. */
static enum assay_status
fill(const struct writing *w, struct claim *claim, bool *ret_holds)
{
	*ret_holds = false;
	for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++) {
		if (strcmp(fillers[i].kind, claim->kind->name) == 0)
			return fillers[i].fill(w, claim, ret_holds);
	}
	return claim->kind->parameter == CLAIM_NOTHING ? holds(w, claim, ret_holds) : ASSAY_OK;
}

/* ---- sentences ---- */

static void
parameter_text(const struct claim *claim, enum language language, char out[PARAMETER_MAX])
{
	static const char *const units[][LANGUAGES] = { [DOCS_DAYS] = { "days", "Tage" }, [DOCS_MONTHS] = { "months", "Monate" } };
	const struct docs_number n = claim->number;
	if (claim->kind->parameter == CLAIM_NUMBER || claim->kind->parameter == CLAIM_SECONDS)
		(void)snprintf(out, PARAMETER_MAX, "%u", n.value);
	else if (claim->kind->parameter == CLAIM_PERIOD)
		(void)snprintf(out, PARAMETER_MAX, "%u %s", n.value, units[n.unit][language]);
	else
		(void)snprintf(out, PARAMETER_MAX, "%s", claim->word != NULL ? claim->word : "");
}

static const char *
platform_sentence(const char *word, enum language language)
{
	static const struct {
		const char *word;
		const char *text[LANGUAGES];
	} rows[] = {
		{ "refuse", { "A signature by the forge's own key counts for nobody.",
			"Eine Signatur mit dem Schlüssel der Plattform zählt für niemanden." } },
		{ "merges", { "A signature by the forge's own key counts on merge commits alone.",
			"Eine Signatur mit dem Schlüssel der Plattform zählt allein auf Merge-Commits." } },
		{ "accept", { "A signature by the forge's own key is accepted.",
			"Eine Signatur mit dem Schlüssel der Plattform wird angenommen." } },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (strcmp(rows[i].word, word) == 0)
			return rows[i].text[language];
	}
	return "";
}

/* "%s" stands for the parameter once, or not at all. */
static void
add_sentence(const struct writing *w, const struct claim *claim)
{
	char parameter[PARAMETER_MAX], mark[PARAMETER_MAX];
	const char *text = w->language == GERMAN ? claim->kind->german : claim->kind->english;
	if (text[0] == '%')
		text = platform_sentence(claim->word, w->language);
	const char *hole = strstr(text, "%s");
	parameter_text(claim, w->language, parameter);
	parameter_text(claim, ENGLISH, mark);
	buf_add_str(w->out, "\n");
	if (hole != NULL)
		buf_addf(w->out, "%.*s%s%s", (int)(hole - text), text, parameter, hole + 2);
	else
		buf_add_str(w->out, text);
	buf_addf(w->out, "\n%s %s%s%s]\n", DOCS_MARK, claim->kind->name, mark[0] != '\0' ? " " : "", mark);
	w->done->claims++;
}

static enum assay_status
add_section(const struct writing *w, size_t section, bool *left_out)
{
	bool titled = false;
	for (size_t i = 0; i < claim_kind_count; i++) {
		struct claim claim = { .kind = &claim_kinds[i] };
		bool so = false;
		if (claim_kinds[i].english == NULL || section_of(&claim_kinds[i]) != section)
			continue;
		TRY(fill(w, &claim, &so));
		left_out[i] = !so;
		if (!so)
			continue;
		if (!titled)
			buf_addf(w->out, "\n## %s\n", sections[section].title[w->language]);
		titled = true;
		add_sentence(w, &claim);
	}
	return ASSAY_OK;
}

static void
add_open(const struct writing *w, const bool *left_out)
{
	bool titled = false;
	for (size_t i = 0; i < claim_kind_count; i++) {
		if (!left_out[i])
			continue;
		if (!titled)
			buf_addf(w->out, "\n## %s\n\n%s\n\n", texts[OPEN_TITLE][w->language], texts[OPEN_ABOUT][w->language]);
		titled = true;
		buf_addf(w->out, "- `%s`%s%s%s\n", claim_kinds[i].name, claim_kinds[i].control != NULL ? " (" : "",
		    claim_kinds[i].control != NULL ? claim_kinds[i].control : "", claim_kinds[i].control != NULL ? ")" : "");
		w->done->open++;
	}
}

enum assay_status
skeleton_write(const struct judge_input *input, const struct verdicts *v, const char *language, struct arena *arena,
    struct buf *out, struct skeleton *ret_skeleton, struct assay_error *err)
{
	struct judge_context c = { .input = input, .arena = arena, .so_far = v };
	struct skeleton done = { 0 };
	struct writing w = { .c = &c, .out = out, .done = &done, .err = err,
		.proposed = { .approved_on = input->date, .review_by = input->date + (int64_t)365 * WHEN_DAY } };
	char day[WHEN_TEXT_SIZE];
	if (strcmp(language, "en") != 0 && strcmp(language, "de") != 0)
		return assay_fail(err, ASSAY_E_USAGE, "no skeleton in the language '%s': en and de are there", language);
	bool *left_out = arena_array(arena, claim_kind_count, sizeof *left_out);
	if (left_out == NULL)
		return arena_full(err);
	w.language = strcmp(language, "de") == 0 ? GERMAN : ENGLISH;
	when_format_date(input->date, day);
	buf_addf(out, "# %s\n\n%s: 0.1\n\n%s %s.\n", texts[TITLE][w.language], texts[VERSION][w.language], texts[ABOUT][w.language],
	    day);
	for (size_t i = 0; i < SECTIONS; i++)
		TRY(add_section(&w, i, left_out));
	add_open(&w, left_out);
	TRY(buf_status(out, "the policy", err));
	*ret_skeleton = done;
	return ASSAY_OK;
}
