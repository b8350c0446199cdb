/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenSSH's allowed_signers file (ssh-keygen(1), "ALLOWED SIGNERS"): read line by line, and written from a roster.
 */
#pragma once

#include <base/buf.h>
#include <policy/roster.h>

#define ALLOWED_SIGNERS_MAX (16u << 20)
#define ALLOWED_SIGNERS_LINES_MAX 100000u
#define ALLOWED_SIGNERS_BLOB_MAX 16384

struct allowed_signer {
	const char *principals;  /* comma-separated patterns, as written */
	bool cert_authority;
	const char *namespaces;  /* NULL: all */
	int64_t from;            /* inclusive; WHEN_MIN when not given */
	int64_t until;           /* exclusive; WHEN_MAX when not given */
	bool local_time;         /* a time stood there without 'Z': it is read as UTC */
	struct assay_pubkey key; /* blob in the arena */
	const char *text;        /* type and base64 */
	unsigned line;
};

struct allowed_signers {
	struct allowed_signer *items; /* in the order of the file */
	size_t count;
};

/* ASSAY_E_FORMAT with the line for what isn't as ssh-keygen(1) has it; an option that isn't known is one. */
ASSAY_MUST_USE enum assay_status allowed_signers_parse(struct assay_span text, const char *name,
    struct arena *arena, struct allowed_signers *ret_signers, struct assay_error *err);
/*
 * Lines with which "ssh-keygen -Y verify" takes a signature where the roster would. Pending and compromised keys, and platforms' keys,
 * stand as comments.
 */
ASSAY_MUST_USE enum assay_status allowed_signers_write(const struct roster *r, struct buf *out,
    struct assay_error *err);
