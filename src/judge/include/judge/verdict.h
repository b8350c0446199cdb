/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts, and what stands on them.
 */
#pragma once

#include <evidence/evidence.h>
#include <policy/catalog.h>
#include <policy/policy.h>
#include <policy/roster.h>

/* In the order of precedence: a clause takes the greatest of its controls'. */
enum verdict {
	VERDICT_NOT_APPLICABLE,
	VERDICT_PASS,
	VERDICT_DEVIATED,
	VERDICT_STALE,
	VERDICT_UNKNOWN,
	VERDICT_FAIL,
};
#define VERDICT_COUNT 6

/* Most findings that are kept of one control; the rest is counted. */
#define FINDINGS_MAX 1000

struct finding {
	const char *id;      /* code of the kind: "unsigned-commit" */
	const char *message; /* one sentence, lower case, no full stop */
	const char *object;  /* what it is about: a commit or tag id, a ref, a key; NULL when nothing */
	const char *file;    /* path in the repository, or NULL */
	unsigned line, column;
	char fingerprint[65]; /* SHA-256 hex of control, id, object, file, discriminator: survives reruns */
	bool gap;            /* false: the reason for an unknown, not a gap */
};

struct count {
	const char *name; /* "commits in scope" */
	uint64_t value;
};

#define COUNTS_MAX 24

struct control_verdict {
	const struct control *control;
	enum verdict verdict;
	struct grade grade;
	const char *reason;    /* one sentence: why this verdict */
	const char *next;      /* one sentence: what to do next; NULL for a pass */
	struct finding *findings;
	size_t finding_count;  /* kept */
	size_t finding_total;
	struct count counts[COUNTS_MAX];
	size_t count_count;
	const struct evidence *evidence[8];
	size_t evidence_count;
	bool judged;           /* false: "not judged by this version" */
};

struct clause_verdict {
	const struct clause *clause;
	enum verdict verdict;
	size_t by_verdict[VERDICT_COUNT];
	size_t recomputed, attested, asserted; /* of the controls with no gap */
	size_t not_judged;
	const char *headline; /* "2 gaps in 37 controls; 34 unknown" */
};

struct verdicts {
	const char *subject;  /* repository and commit */
	int64_t date;         /* midnight of the day judged for */
	struct clause_verdict *clauses;
	size_t clause_count;
	struct control_verdict *controls;
	size_t control_count;
};

const char *verdict_name(enum verdict v); /* "not-applicable" */
/* Exit status for verdicts, 0, 1 or 3; require (may be empty) names controls, clauses or families "repo." */
int verdicts_exit(const struct verdicts *v);
