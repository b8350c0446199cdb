/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "release-records": what was tried with a release, as the files of a folder that the caller names. Members: records/NAME, of any name
 * that is letters, digits and '.', '_', '-'; and records/left, the names of what could not be taken, a line each. Files of kinds
 * that nobody reads here travel all the same.
 */
#pragma once

#include <evidence/evidence.h>

#define RELEASE_RECORDS_KIND "release-records"
#define RECORDS_PREFIX "records/"
#define RECORDS_MAX 1000u
#define RECORD_MAX ((size_t)4 << 20)
/* Most attacks of one drill. */
#define DRILL_ATTACKS_MAX 10000u
#define DRILL_VERSION 1

/* One attack, assay-drill(5). */
struct drill_attack {
	const char *attack;  /* name in policy/attacks.h; of the untouched copy "none" */
	const char *subject; /* what it was tried on, or "" */
	const char *code;    /* that our verifier gave: "intact" when it took the copy */
	unsigned exit;       /* its exit status */
	const char *target;  /* "rejected", "accepted" or "not-tried" by the product's own */
};

struct drill {
	const char *file;    /* NAME */
	const char *at;      /* when, as the machine claimed */
	const char *release, *manifest; /* hex digests */
	const char *program; /* SHA-256 of the verifier */
	const char *target;  /* the product's own updater or boot check, by name; "" for none */
	const struct drill_attack *attacks;
	size_t attack_count;
};

/* A block of the operator's instructions that was carried out, assay-drill(5). */
struct operator_step {
	const char *commands; /* as the block has them */
	unsigned exit;        /* of the first command that failed, or 0 */
	const char *screen;   /* what was to be seen, its beginning */
};
#define OPERATOR_RUN_VERSION 1
#define OPERATOR_STEPS_MAX 64u

/* The operator's instructions, carried out on a copy of the delivery that nothing was done to, and on one with a byte altered. */
struct operator_run {
	const char *file; /* NAME */
	const char *at;   /* when, as the machine claimed */
	const char *release, *manifest, *instructions, *verifier; /* hex digests */
	const char *altered_path; /* which file it was */
	const struct operator_step *untouched, *altered; /* up to the first that failed */
	size_t untouched_count, altered_count;
};

/* What a machine saw when it held a release against its seal: 'assay verify --receipt', and the signature beside it. */
#define RECEIPT_NAMESPACE "assay-receipt"
struct receipt {
	const char *file;
	const char *at_text;
	int64_t at;          /* by that machine's clock */
	const char *outcome; /* "intact" */
	const char *product, *release, *root, *site;
	bool installing;     /* what was looked at was to be installed */
	bool is_signed;      /* NAME.sig beside it is a good signature over it, by key */
	struct assay_span key; /* SSH blob */
};

struct release_records {
	const struct receipt *receipts;
	size_t receipt_count;
	const struct drill *drills;
	size_t drill_count;
	const struct operator_run *runs;
	size_t run_count;
	const char *const *bad; /* files that are meant as records and can't be read, with why */
	size_t bad_count;
	const char *left;       /* NULL: all was taken */
};

ASSAY_MUST_USE enum assay_status release_records_parse(const struct evidence *raw, const struct parse_context *c,
    const void **ret_facts, struct assay_error *err);
/* One drill's record. ASSAY_E_FORMAT, ASSAY_E_VERSION. */
ASSAY_MUST_USE enum assay_status drill_read(struct assay_span bytes, const char *name, struct arena *arena, struct drill *ret_drill,
    struct assay_error *err);
/* One run of the operator's instructions. ASSAY_E_FORMAT, ASSAY_E_VERSION. */
ASSAY_MUST_USE enum assay_status operator_run_read(struct assay_span bytes, const char *name, struct arena *arena,
    struct operator_run *ret_run, struct assay_error *err);
/* Whether text is 64 lower-case hexadecimal digits. */
bool record_is_digest(const char *text);
