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

/* Most findings that are kept of one control, and of one kind, so that many of one don't hide another; the rest is counted. */
#define FINDINGS_MAX 1000
#define FINDINGS_DIGEST 16
#define FINDINGS_OF_KIND_MAX 200
#define FINDING_KINDS_MAX 48

struct finding {
	const char *id;      /* code of the kind: "unsigned-commit" */
	const char *message; /* one sentence, lower case, no full stop */
	const char *object;  /* what it is about: a commit or tag id, a ref, a key; NULL when nothing */
	const char *file;    /* path in the repository, or NULL */
	unsigned line, column;
	char fingerprint[65]; /* SHA-256 hex of control, id, object, file, discriminator: survives reruns */
	bool gap;            /* false: the reason for an unknown, not a gap */
};

/* How often a kind was found, kept or not. */
struct finding_kind {
	const char *id;
	bool gap;
	size_t total;
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
	size_t gap_total;      /* of finding_total, those that are gaps */
	unsigned char findings_digest[FINDINGS_DIGEST]; /* of all findings, listed or not, whatever their order */
	struct finding_kind kinds[FINDING_KINDS_MAX];
	size_t kind_count;
	struct count counts[COUNTS_MAX];
	size_t count_count;
	const struct evidence *evidence[8];
	size_t evidence_count;
	bool judged;           /* false: "not judged by this version" */
	bool unauthorised;     /* unknown for want of a trust root alone: judged, and no gap found */
};

struct clause_verdict {
	const struct clause *clause;
	enum verdict verdict;
	size_t by_verdict[VERDICT_COUNT];
	size_t recomputed, attested, asserted; /* of the controls with no gap */
	size_t not_judged;
	size_t not_asked;     /* of the catalogue's controls: not among those that were required */
	const char *headline; /* in the words of verdict_headline() */
};

struct authority;
struct sca_findings;
struct code_base;
struct findings_base;

struct verdicts {
	const char *subject;  /* repository and commit */
	int64_t date;         /* midnight of the day judged for */
	struct clause_verdict *clauses;
	size_t clause_count;
	struct control_verdict *controls;
	size_t control_count;
	const char *const *required; /* what alone was asked for; NULL: everything */
	size_t required_count;
	const struct authority *authority; /* of the rules in force at HEAD; NULL: none are, or nothing tells */
	const char *root;     /* the pinned trust root, or NULL */
	const struct code_base *code; /* judge/code.h: plan and analysis; NULL: none, or not asked for */
	size_t not_asked;     /* controls of the catalogue that were left out for that */
	const struct findings_base *found; /* the judges' own */
	const struct sca_findings *findings; /* sca/finding.h: in the code, with their states; NULL: no analysis was judged */
};

const char *verdict_name(enum verdict v); /* "not-applicable" */
/* Exit status: 1 with a gap, else 3 with an unknown or stale one or none at all, else 0. */
int verdicts_exit(const struct verdicts *v);
/*
 * Fills verdict, numbers and headline of a clause from those of its controls: "no gap found in n controls (r recomputed,
 * a attested, m on the maker's word; e exceptions); u unknown", n counting those with a pass or an exception; or "gaps in n of c
 * controls (ids); ..."; then, where it is so, "; analysers ran without a sandbox".
 */
ASSAY_MUST_USE enum assay_status verdict_headline(const struct verdicts *v, struct arena *arena,
    struct clause_verdict *clause, struct assay_error *err);
