/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A deviation of code from a rule: assay/deviations/NAME.yaml when it begins with "assay-code-deviation". It says which rule, where,
 * why, at what risk, for how long, and which lines it takes for granted. It counts once its requester and somebody else in the role
 * that policy.yaml names have signed it; that is for the judge to say. Format: assay-deviation(5).
 */
#pragma once

#include <assay/hash.h>
#include <base/buf.h>
#include <codec/sources.h>
#include <codec/yaml.h>

#define SCA_DEVIATION_VERSION 1
#define SCA_DEVIATION_FOLDER "assay/deviations/"
#define SCA_DEVIATION_SCOPE_MAX 64
#define SCA_DEVIATION_CHECKS_MAX 64
#define SCA_DEVIATION_PREMISES_MAX 32
#define SCA_DEVIATION_LINES_MAX 10000000u
/* So long before its end a deviation is said to run out. */
#define SCA_DEVIATION_WARN_DAYS 30

/* One place that it is about. Of a permit, path is a pattern as in base/text.h below a folder. */
struct sca_deviation_place {
	const char *path;
	const char *symbol;  /* the enclosing function; NULL: anywhere in the file */
	const char *finding; /* identity of one finding, hex digits; NULL: any */
	unsigned line;       /* in the record, as in all that follow */
};

/* What it takes for granted: the bytes of whole lines. */
struct sca_premise {
	const char *path;
	unsigned first, last; /* from 1, both included */
	unsigned char sha256[ASSAY_SHA256_SIZE];
	unsigned line;
};

struct sca_deviation {
	const char *rule;           /* "cert-c/EXP34-C" */
	struct yaml_strings checks; /* "clang-tidy/bugprone-branch-clone": what may be silenced for it; may be empty */
	bool permit;                /* stands for all code of its scope, also such as is still to be written */
	struct sca_deviation_place *scope;
	size_t scope_count;
	const char *reason, *risk;
	const char *requester;      /* id of the roster */
	int64_t until;              /* exclusive */
	struct sca_premise *premises;
	size_t premise_count;
	unsigned rule_line, reason_line, until_line;
};

/* Whether a record of the folder is one of these, and not an exception for a control: by its first key, readable or not. */
bool sca_deviation_is(struct assay_span yaml);
ASSAY_MUST_USE enum assay_status sca_deviation_parse(struct assay_span yaml, const char *name, struct arena *arena,
    struct sca_deviation *ret_deviation, struct assay_error *err);
/* What sca_deviation_parse() reads back. */
ASSAY_MUST_USE enum assay_status sca_deviation_write(const struct sca_deviation *d, struct buf *out, struct assay_error *err);

/* The digest of lines first to last. *ret_there false: they aren't all there, or hold no letter and no digit. */
ASSAY_MUST_USE enum assay_status sca_premise_digest(struct assay_span bytes, unsigned first, unsigned last,
    unsigned char ret_digest[ASSAY_SHA256_SIZE], bool *ret_there);

/* What a deviation may be about: a finding, or a suppression that stands at its place. */
struct sca_subject {
	const char *rule;     /* "cert-c/EXP34-C"; NULL: none */
	const char *check;    /* "gcc/-Wanalyzer-null-dereference"; NULL: none */
	const char *path;
	const char *symbol;   /* NULL: outside of all */
	const char *identity; /* NULL: has none */
};
/* Whether the subject lies in its scope. Not whether it holds: sca_deviation_faults(), and the sign-offs. */
bool sca_deviation_covers(const struct sca_deviation *d, const struct sca_subject *subject);

/* What speaks against a deviation. */
struct sca_fault {
	const char *code;  /* "deviation-expired" */
	bool gap;          /* false: an open question */
	bool reopens;      /* what it covered is open again: it ran out, or what it takes for granted changed */
	const char *why;   /* in words, in the arena */
	unsigned line;     /* in the record */
	struct sca_fault *next;
};
/*
 * All that speaks against it by itself, by the tree and on that day; *ret_first NULL: nothing. days: longest that one may still run.
 * The sign-offs are another matter.
 */
ASSAY_MUST_USE enum assay_status sca_deviation_faults(const struct sca_deviation *d, const struct sources *s, int64_t date,
    uint32_t days, struct arena *arena, struct sca_fault **ret_first, struct assay_error *err);
/* Whether it ends within SCA_DEVIATION_WARN_DAYS, and has not yet. */
bool sca_deviation_ends_soon(const struct sca_deviation *d, int64_t date);
