/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The deviations of code and the suppressions of HEAD's tree with their state, for people to look through. Verdicts are judge_all()'s.
 */
#pragma once

#include <code/suppress.h>
#include <judge/judge.h>
#include <sca/deviation.h>

struct judge_deviation {
	const char *path;               /* of the record */
	const char *unread;             /* why it can't be read; NULL: it can */
	struct sca_deviation d;         /* when it can */
	const struct sca_fault *faults; /* NULL and read: it holds */
	const char *approved_by;        /* id of the roster; NULL: nobody */
	bool ends_soon;
};
struct judge_silence {
	const struct suppression *s;
	const char *deviation;          /* path of the record that it belongs to; NULL: none */
	bool holds;                     /* each of its checks belongs to one that holds */
};
struct judge_code_deviations {
	const struct judge_deviation *deviations;
	size_t deviation_count;
	const struct judge_silence *silences; /* none without a plan: code isn't looked at then */
	size_t silence_count;
	const struct suppress_unread *unread;
	size_t unread_count;
	bool has_plan;
};

ASSAY_MUST_USE enum assay_status judge_code_deviations(const struct judge_input *input, struct arena *arena,
    struct judge_code_deviations *ret_seen, struct assay_error *err);
