/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A person's sign-off: a tiny statement about one record, that they sign with the SSH key they have (SSHSIG, a namespace an act).
 * The statement is canonical JSON and a line feed, in assay/reviews/NAME.signoff; its signature is NAME.signoff.sig, as
 * "ssh-keygen -Y sign" writes it and "ssh-keygen -Y verify" checks it. Format: assay-signoff(5).
 */
#pragma once

#include <assay/hash.h>
#include <base/arena.h>
#include <base/buf.h>
#include <stdbool.h>

#define SIGNOFF_VERSION 1
#define SIGNOFF_FOLDER "assay/reviews/"
#define SIGNOFF_SUFFIX ".signoff"
#define SIGNOFF_SIGNATURE_SUFFIX ".sig"
#define SIGNOFF_SIZE_MAX 4096

enum signoff_act { SIGNOFF_REQUEST, SIGNOFF_APPROVE, SIGNOFF_REVIEW, SIGNOFF_WITNESS };
#define SIGNOFF_ACTS 4

struct signoff {
	enum signoff_act act;
	const char *by;         /* id in the roster */
	int64_t date;           /* midnight UTC of the day that the signer claims */
	const char *kind;       /* what the record is: a word of signoff_kind() */
	const char *repository; /* the policy's repository-id */
	const char *role;       /* in which it is signed; NULL: none */
	bool has_state;
	unsigned char state[ASSAY_SHA256_SIZE];  /* the policy state in force where it was signed */
	unsigned char record[ASSAY_SHA256_SIZE]; /* of the record's bytes */
};

const char *signoff_act_name(enum signoff_act act);      /* "approve" */
const char *signoff_namespace(enum signoff_act act);     /* "assay-signoff-approve": never "git" or "file" */
/* ASSAY_E_USAGE, naming the acts. */
ASSAY_MUST_USE enum assay_status signoff_act_parse(const char *name, enum signoff_act *ret_act,
    struct assay_error *err);
/* What a record at this path of the repository is: "exception", "access", "risks", ..., else "document". */
const char *signoff_kind(const char *path);
/* Exactly what signoff_write() writes, else ASSAY_E_FORMAT; ASSAY_E_VERSION for a newer format. */
ASSAY_MUST_USE enum assay_status signoff_parse(struct assay_span bytes, const char *name,
    struct arena *arena, struct signoff *ret_signoff, struct assay_error *err);
ASSAY_MUST_USE enum assay_status signoff_write(const struct signoff *s, struct buf *out,
    struct assay_error *err);
/* "assay/reviews/access.yaml-0123456789ab-approve-ann.signoff" for a record of this path. NULL when the arena is full. */
const char *signoff_path(const struct signoff *s, const char *record_path, struct arena *arena);
