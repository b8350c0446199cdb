/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the checks that a plan names to the arguments that each engine is given. The arguments are the same for the same set of checks,
 * in whatever order and however often they are named, and so is their digest.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdbool.h>

#define SCA_CHECK_NAME_MAX 200
#define SCA_CHECKS_MAX 5000

/* One way of running an engine; most have one. */
struct sca_pass {
	const char *name;   /* "gcc", "clang-analyze", "clang-warnings" ... */
	const char *const *args; /* NULL-terminated; before compile options and files */
	size_t count;
};

/* How far an engine that walks paths goes into a function: SCA_EFFORT_FULL is its own default. */
enum sca_effort { SCA_EFFORT_FULL, SCA_EFFORT_BRIEF };

struct sca_options {
	const char *engine;
	const char *const *checks; /* sorted, each once, without the engine's name; NULL-terminated */
	size_t check_count;
	const struct sca_pass *passes;
	size_t pass_count;
	char digest[65];           /* SHA-256, hex, over engine, passes and their arguments */
};

/* "gcc/-Wall": engine and check; false for what can't be one (no '/', blanks, commas, control characters, a leading '-' too many). */
bool sca_check_split(const char *name, struct arena *arena, const char **ret_engine, const char **ret_check);
/*
 * Of all of checks ("ENGINE/CHECK") those of engine. ASSAY_E_UNSUPPORTED for an engine without a row, ASSAY_E_FORMAT for a name that
 * would be more than a check to the engine ("-Wp,-x", "a,-b"). No checks: no passes.
 */
ASSAY_MUST_USE enum assay_status sca_options_derive(const char *engine, enum sca_effort effort, const char *const *checks,
    size_t count, struct arena *arena, struct sca_options *ret_options, struct assay_error *err);
