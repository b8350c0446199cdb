/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay/problems.csv: what the problem resolution process has, as its tracker exports it (RFC 4180; comma, semicolon or tab). The first
 * row names the columns; "id" among them, else the first, is the entry's.
 */
#pragma once

#include <base/arena.h>
#include <stdbool.h>

#define PROBLEMS_PATH "assay/problems.csv"
#define PROBLEMS_SIZE_MAX (16u << 20)
#define PROBLEMS_ROWS_MAX 100000
#define PROBLEMS_COLUMNS_MAX 200
/* So many digits of a finding's identity name it. */
#define PROBLEMS_DIGITS_LEAST 12

struct sca_problem {
	const char *id;
	const char *const *cells; /* of all columns, as many as the first row has; "" where it is shorter */
	unsigned line;
};

struct sca_problems {
	const struct sca_problem *items; /* sorted by id */
	size_t count, columns;
};

/* ASSAY_E_FORMAT, with line and column, for what readers would take for different cells; for an id that is empty or stands twice. */
ASSAY_MUST_USE enum assay_status sca_problems_parse(struct assay_span csv, const char *name, struct arena *arena,
    struct sca_problems *ret_problems, struct assay_error *err);
/* NULL: there is none. */
const struct sca_problem *sca_problems_find(const struct sca_problems *p, const char *id);
/* Whether one of its cells has PROBLEMS_DIGITS_LEAST digits or more of the identity, or the path (may be NULL). */
bool sca_problem_names(const struct sca_problems *p, const struct sca_problem *one, const char *identity, const char *path);
