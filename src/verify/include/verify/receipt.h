/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A receipt, assay-verify(1): what an operator's machine saw when it held a release against its seal. Canonical JSON, one spelling
 * alone; signed as SSHSIG in a namespace of its own, so that 'ssh-keygen -Y verify' can check it.
 */
#pragma once

#include <verify/result.h>

#define VERIFY_RECEIPT_NAMESPACE "assay-receipt"
#define VERIFY_RECEIPT_VERSION 2
/* Which doesn't say what digests were compared. Still read. */
#define VERIFY_RECEIPT_VERSION_BEFORE 1
#define VERIFY_RECEIPT_MAX 8192
/* Longest text by which an operator names the machine. */
#define VERIFY_SITE_MAX 128

struct verify_receipt {
	unsigned format;      /* VERIFY_RECEIPT_VERSION, or the one before */
	int64_t at;           /* by that machine's clock */
	enum verify_outcome outcome;
	uint64_t counts[ASSAY_RELEASE_CODES];
	bool has_release;     /* else what follows, up to number, is empty */
	char product[ASSAY_RELEASE_WORD_MAX + 1], version[ASSAY_RELEASE_WORD_MAX + 1];
	uint64_t number, counter;
	char release[ASSAY_TUF_HEX_SIZE], manifest[ASSAY_TUF_HEX_SIZE], root[ASSAY_TUF_HEX_SIZE];
	struct verify_counts checked;
	enum verify_digests digests; /* of each file; of the format before: none */
	bool installing;
	char site[VERIFY_SITE_MAX + 1]; /* "" when it names none */
};

/* NULL when site can stand in a receipt, else what is wrong with it. */
const char *verify_site_fault(const char *site);
void verify_receipt_make(const struct verify_result *r, const char *site, int64_t at, struct verify_receipt *ret_receipt);
ASSAY_MUST_USE enum assay_status verify_receipt_write(const struct verify_receipt *receipt, struct buf *out,
    struct assay_error *err);
/* ASSAY_E_FORMAT, ASSAY_E_VERSION for what isn't just what verify_receipt_write() gives. */
ASSAY_MUST_USE enum assay_status verify_receipt_read(struct assay_span bytes, struct verify_receipt *ret_receipt,
    struct assay_error *err);
/* ASSAY_OK when the armored signature is one of key over the receipt. */
ASSAY_MUST_USE enum assay_status verify_receipt_signed(struct assay_span receipt, struct assay_span armored,
    struct assay_span key, struct assay_error *err);
