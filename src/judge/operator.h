/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's instructions of the judged release: what is to be typed, and whether somebody who types it learns what there is to know.
 */
#pragma once

#include "release.h"

#include <codec/shell.h>
#include <seal/instructions.h>

#define OPERATOR_PAGE "instructions.md"
#define OPERATOR_KNOWN_MAX 64

struct operator_block {
	const struct seal_block *block;
	bool verifies; /* the verifier is run in it */
};

enum operator_kind {
	OPERATOR_VERIFIER, /* its digest was compared, or it is a copy of that one */
	OPERATOR_VERIFIED, /* a delivery that the verifier was asked about, or its seal */
	OPERATOR_MOUNTED,  /* a folder at which something was mounted */
};

struct operator_known {
	const char *path; /* from the folder that the page begins in */
	enum operator_kind kind;
};

struct operator_page {
	const struct release_base *b;
	const char *program;        /* the verifier's name, without its folders */
	const char *verifier;       /* SHA-256 of it by the manifest; NULL: the release has none */
	struct operator_block *blocks; /* of commands */
	size_t count;
	size_t calls;               /* times that the verifier is run */
	/* While it is read. */
	const char *folder;         /* that the page is in by now, as operator_known.path */
	const char *shown;          /* the verifier whose digest this block shows, or NULL */
	bool ambiguous;             /* it shows those of several */
	struct operator_known known[OPERATOR_KNOWN_MAX];
	size_t known_count;
	const char *pinned;         /* the state folder that remembers the trust root by now, as operator_known.path, or NULL */
};

/*
 * Finds all that is wrong with the page. *ret_read is false, with an open question, when it can't be read.
 */
ASSAY_MUST_USE enum assay_status operator_page_judge(struct operator_page *page, bool *ret_read);

/* Where something stands in the page. */
struct operator_at {
	const char *what;
	unsigned line, column;
};

ASSAY_MUST_USE enum assay_status operator_say(const struct operator_page *p, bool gap, const char *id, struct operator_at at, const char *words);

/*
 * The files of the page, operator_files.c. What program and its words say is followed, and all words are literal; surely is false where
 * it isn't told whether the command is carried out by then, or where what it shows goes to.
 */
void operator_block_begins(struct operator_page *p);
void operator_block_ends(struct operator_page *p);
ASSAY_MUST_USE enum assay_status operator_digest(struct operator_page *p, const struct shell_word *program, bool surely);
ASSAY_MUST_USE enum assay_status operator_cd(struct operator_page *p, const struct shell_word *program, bool surely, bool *ret_read);
ASSAY_MUST_USE enum assay_status operator_mount(struct operator_page *p, const struct shell_word *program);
/* What a program that shows files shows. */
ASSAY_MUST_USE enum assay_status operator_show(struct operator_page *p, struct operator_at at, const struct shell_word *program);
/* The state folder of --state, NULL where it isn't told; false where it may be another one next time, which is found. */
ASSAY_MUST_USE enum assay_status operator_memory(struct operator_page *p, struct operator_at at, const char *state, const char **ret_path, bool *ret_kept);
ASSAY_MUST_USE enum assay_status operator_copy(struct operator_page *p, struct operator_at at, const struct shell_word *program, bool surely);
/* Whether a program of the verifier's name is one that was compared. */
ASSAY_MUST_USE enum assay_status operator_may_run(const struct operator_page *p, const struct shell_word *program, bool *ret_may);
/* seal: as --seal names it, or NULL: the one beside the tree. */
ASSAY_MUST_USE enum assay_status operator_verified(struct operator_page *p, const struct shell_word *tree, const char *seal);
