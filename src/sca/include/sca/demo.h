/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was demonstrated: whether the checks that a plan names for a rule report each of its bad snippets at a line at fault, and leave
 * the good ones alone. An engine that didn't run on a snippet has shown nothing about it.
 */
#pragma once

#include <sca/plan.h>
#include <sca/report.h>
#include <sca/snippets.h>

/* What one engine did with the snippets; paths of reports are names of snippets. */
struct sca_shown_by {
	const char *engine;
	const struct sca_report *reports; /* sorted by path: sca_shown_sort() */
	size_t count;
	const char *const *ran; /* names of snippets that it looked at to their end, sorted */
	size_t ran_count;
};

enum sca_shown_state {
	SCA_SHOWN_NOT_RUN, /* an engine that the row needs didn't look at it */
	SCA_SHOWN_SILENT,
	SCA_SHOWN_ELSEWHERE, /* bad: reported, and not at a line at fault */
	SCA_SHOWN_REPORTED,
};

struct sca_shown {
	const struct sca_snippet *snippet;
	enum sca_shown_state state;
	size_t agree; /* engines that report it: at a line at fault, or anywhere in a good one */
	uint32_t line; /* of the first such report; 0: none */
	const char *check; /* its name with its engine; NULL */
};

struct sca_demo {
	const struct plan_standard *standard;
	const struct plan_row *row;
	size_t local; /* checks of engines that run here: snippets show nothing of others */
	const struct sca_shown *shown; /* one a snippet; none without such a check */
	size_t count;
	size_t bad, caught;
	size_t good, flagged;
	size_t not_run;
	const bool *idle; /* one a check of the row: it runs here and reports no bad snippet at a line at fault */
	bool planted;     /* so are its checks that are run elsewhere, or there are none; known to who has their reports, false before */
	bool enforced;    /* there are bad and good ones, all were looked at, each bad one is caught and no good one flagged */
};

/* Sorts reports as sca_demonstrate() wants them. */
void sca_shown_sort(struct sca_report *reports, size_t count);
/* Sorts names. */
void sca_shown_sort_names(const char **names, size_t count);

/* Whether all that its checks are to show was shown: here and elsewhere. */
bool sca_demo_shown(const struct sca_demo *d);
/* by: one for each engine that was run. A row without checks is never enforced. */
ASSAY_MUST_USE enum assay_status sca_demonstrate(const struct plan_standard *standard, const struct plan_row *row,
    const struct sca_snippets *snippets, const struct sca_shown_by *by, size_t by_count, struct arena *arena,
    struct sca_demo *ret_demo, struct assay_error *err);
