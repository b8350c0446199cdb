/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings: what engines report, one for each fault, under an identity that stays when code moves and another engine words it; and
 * what became of those that were there before. Pure functions over what was reported, which units each engine went through, which
 * rules it was shown to enforce, and what was silenced.
 */
#pragma once

#include <base/arena.h>
#include <code/identity.h>
#include <sca/standard.h>
#include <stdbool.h>

/* The key of SARIF's partialFingerprints. */
#define SCA_FINGERPRINT "assay/v1"
#define SCA_IDENTITY_SIZE 65 /* 64 hex digits and NUL */
#define SCA_SEEN_MAX 500000u
/* Reports of one fault at the end of a block stand this near to each other at most. */
#define SCA_NEAR_LINES 3
/* Places that one check reports in one statement and that are faults of their own; further ones belong to the last. */
#define SCA_STATEMENT_FAULTS_MAX 50

/* One engine's report of one rule at one place. */
struct sca_seen {
	const char *engine;  /* "gcc", "import:codeql" */
	const char *check;   /* "gcc/-Wanalyzer-use-after-free" */
	const char *rule;    /* "cert-c/MEM30-C"; the check's own name when the plan has no rule for it */
	enum standard_severity severity;
	const char *message;
	const char *path;    /* in the repository */
	unsigned line, column;
	bool placed;         /* place is known; otherwise path, line and message stand for it */
	struct code_place place;
	const char *excerpt; /* NULL: none */
};

enum sca_finding_state {
	SCA_NEW,            /* reported, and in no register */
	SCA_OPEN,           /* reported and registered; after a closure: opened again */
	SCA_DEVIATED,       /* reported, under a deviation that holds */
	SCA_FALSE_POSITIVE, /* argued and approved */
	SCA_FIXED,          /* closed, and proven */
	SCA_NOT_OBSERVED,   /* registered, not reported, and not proven to be gone */
};
#define SCA_FINDING_STATES 6

/* Why what isn't reported is not proven to be gone, in the order in which it is asked. */
enum sca_doubt {
	SCA_PROVEN,
	SCA_DOUBT_GONE,           /* neither its file nor its symbol is there, and not all else was analysed */
	SCA_DOUBT_EXCLUDED,       /* its file is left out of the analysis */
	SCA_DOUBT_NOT_ANALYSED,   /* no engine that enforces the rule was given it */
	SCA_DOUBT_ENGINE_FAILED,  /* one was, and failed on it */
	SCA_DOUBT_RULE_DISABLED,  /* no check of an engine in use enforces the rule */
	SCA_DOUBT_UNDEMONSTRATED, /* none that was shown to */
	SCA_DOUBT_SUPPRESSED,     /* something in the code silences it there */
	SCA_DOUBT_NO_CLOSURE,     /* all is in order, and nobody has closed it */
	SCA_DOUBT_CLOSURE,        /* the closure itself doesn't hold */
};
#define SCA_DOUBTS 10

struct sca_finding {
	char identity[SCA_IDENTITY_SIZE];
	char common[SCA_IDENTITY_SIZE]; /* without the path, which tells findings apart that stand alike in several files */
	bool shared;                    /* by several files */
	const char (*also)[SCA_IDENTITY_SIZE]; /* identities of reports that were merged into it from other statements */
	size_t also_count;
	const char *rule;
	enum standard_severity severity; /* the greatest of its reports' */
	const char *symbol;              /* "" outside of any */
	const char *path;
	unsigned line, column;           /* 0 when it isn't reported any more */
	const char *message;
	const char *excerpt;             /* NULL: none */
	const struct sca_seen *const *reports;
	size_t report_count;
	unsigned engines;                /* distinct ones that report it */
	enum sca_finding_state state;
	enum sca_doubt doubt;            /* of SCA_NOT_OBSERVED */
	bool reopened;                   /* of SCA_OPEN: it was closed as fixed */
	const char *why;                 /* of the state, in words; NULL */
	/* From the register; NULL where nobody has filled it. */
	const char *first_seen, *problem, *reach, *safety, *exploitability;
	bool registered;
};

struct sca_findings {
	struct sca_finding *items; /* by path, line, column, rule; those that aren't reported stand last, by identity */
	size_t count;
};

const char *sca_finding_state_name(enum sca_finding_state s);
const char *sca_doubt_name(enum sca_doubt d); /* "engine-failed"; "proven" */

/*
 * Reports to findings: one for each fault. Reports are of one fault when rule, path and symbol are the same and
 *   - they stand in the same statement (of one check at several places there: as many faults as places), or
 *   - different engines report near statements, of which one leaves the block (what isn't released shows there, and each engine has its
 *     own idea of where), and their messages name the same thing.
 * seen may be in any order: what comes out doesn't depend on it. ASSAY_E_LIMIT over SCA_SEEN_MAX.
 */
ASSAY_MUST_USE enum assay_status sca_merge(const struct sca_seen *seen, size_t count, struct arena *arena,
    struct sca_findings *ret_findings, struct assay_error *err);

/* ---- what became of them ---- */

/* What one engine did with one file. */
enum sca_unit_result { SCA_UNIT_ANALYSED, SCA_UNIT_FAILED, SCA_UNIT_EXCLUDED };
struct sca_unit_seen {
	const char *path;
	const char *engine; /* NULL: of all, for SCA_UNIT_EXCLUDED */
	enum sca_unit_result result;
};
/* A check that the plan has enforce a rule, by an engine that was there. */
struct sca_enforced {
	const char *rule, *check, *engine;
	bool demonstrated; /* caught its bad snippets and left the good ones alone, in this run or by a cached one that holds */
};
/* What silences reports in the code. */
struct sca_silence {
	const char *path;
	const char *symbol; /* NULL: the whole file */
	const char *check;  /* NULL: whatever it silences of this engine */
	const char *engine; /* NULL: of any */
};
/* A symbol that some file defines. */
struct sca_symbol {
	const char *path, *symbol;
};
/* A finding that a deviation in force covers. */
struct sca_deviated {
	char identity[SCA_IDENTITY_SIZE];
	const char *why;
};

struct sca_register;
struct sca_closed;

struct sca_now {
	const struct sca_unit_seen *units;
	size_t unit_count;
	const struct sca_enforced *enforced;
	size_t enforced_count;
	const struct sca_silence *silences;
	size_t silence_count;
	const struct sca_symbol *symbols; /* NULL: not known */
	size_t symbol_count;
	const struct sca_deviated *deviated;
	size_t deviated_count;
	bool complete; /* every file in scope was analysed by every engine of the plan */
};

/*
 * States of all: of what was merged, and of what the register knows and isn't reported. known: every finding that a register ever
 * named, each once. closures may be in any order; of several for one finding the first that holds counts.
 */
ASSAY_MUST_USE enum assay_status sca_states(const struct sca_findings *merged, const struct sca_register *known,
    const struct sca_closed *closures, size_t closure_count, const struct sca_now *now, struct arena *arena,
    struct sca_findings *ret_findings, struct assay_error *err);
