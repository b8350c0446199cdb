/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of findings: assay/findings.yaml, which names every one that was there, and assay/closures/NAME.yaml, each of which closes
 * one. Formats: assay-findings(5), assay-closure(5).
 */
#pragma once

#include <base/buf.h>
#include <codec/yaml.h>
#include <sca/finding.h>

#define REGISTER_VERSION 1
#define REGISTER_PATH "assay/findings.yaml"
#define REGISTER_ENTRIES_MAX 20000
#define CLOSURE_VERSION 1
#define CLOSURE_FOLDER "assay/closures/"
#define CLOSURES_MAX 20000

struct sca_entry {
	char identity[SCA_IDENTITY_SIZE];
	const char *rule;
	const char *path, *symbol;     /* where it was seen; symbol "" outside of any */
	struct yaml_strings checks;    /* that reported it */
	enum standard_severity severity;
	const char *first_seen;        /* commit id in hex; NULL */
	const char *problem;           /* entry of the problem resolution process; NULL */
	const char *reach, *safety, *exploitability; /* as a person wrote them; NULL */
	unsigned line;                 /* in the register */
};

struct sca_register {
	const struct sca_entry *entries; /* by identity, each once */
	size_t count;
};

/* ASSAY_E_FORMAT for an identity that stands twice. */
ASSAY_MUST_USE enum assay_status sca_register_parse(struct assay_span yaml, const char *name, struct arena *arena,
    struct sca_register *ret_register, struct assay_error *err);
/* By identity; ASSAY_E_FORMAT for one that stands twice. The entries are written to. */
ASSAY_MUST_USE enum assay_status sca_register_sort(struct sca_register *r, struct assay_error *err);
/* Both, the first's entry where both have one. */
ASSAY_MUST_USE enum assay_status sca_register_join(const struct sca_register *a, const struct sca_register *b, struct arena *arena,
    struct sca_register *ret_register, struct assay_error *err);
/* NULL: there is none. */
const struct sca_entry *sca_register_find(const struct sca_register *r, const char *identity);
/* What sca_register_parse() reads. */
ASSAY_MUST_USE enum assay_status sca_register_write(const struct sca_register *r, struct buf *out, struct assay_error *err);
/*
 * The text of a register, with what wanted has more: entries come to its end, and a problem, reach, safety effect or exploitability that
 * an entry lacks to the end of that entry. All else stays as it is, order, layout and comments too. What comes out is read back and held
 * against wanted. ASSAY_E_UNSUPPORTED: it is written so that nothing can be put between, in braces for example.
 */
ASSAY_MUST_USE enum assay_status sca_register_extend(struct assay_span yaml, const struct sca_register *wanted, struct arena *arena,
    struct buf *out, struct assay_error *err);

enum sca_closing { SCA_CLOSE_FIXED, SCA_CLOSE_FALSE_POSITIVE };

struct sca_closure {
	char finding[SCA_IDENTITY_SIZE];
	enum sca_closing state;
	const char *fix_commit; /* of fixed, in hex */
	const char *verifier;   /* of fixed: an id of the roster */
	const char *test;       /* of fixed: a path in the repository */
	const char *reason;
	unsigned line;          /* of the finding's id */
};

/* Whether it is the path of one, by its name. */
bool sca_closure_is_record(const char *path);
ASSAY_MUST_USE enum assay_status sca_closure_parse(struct assay_span yaml, const char *name, struct arena *arena,
    struct sca_closure *ret_closure, struct assay_error *err);
ASSAY_MUST_USE enum assay_status sca_closure_write(const struct sca_closure *c, struct buf *out, struct assay_error *err);

/* A closure, and what its signatures and its commit come to. */
struct sca_closed {
	struct sca_closure c;
	const char *path; /* of the record */
	const char *why;  /* why it doesn't hold; NULL: it does */
};
