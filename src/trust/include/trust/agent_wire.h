/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of the ssh-agent protocol (draft-miller-ssh-agent section 3), without the length in
 * front. What an agent answers is read as if a stranger had written it: the socket's path comes
 * from the environment.
 */
#pragma once

#include <assay/sshkey.h>
#include <base/buf.h>

/* Longest answer that is read (OpenSSH's own limit), and most keys in one. */
#define AGENT_MESSAGE_MAX (256u << 10)
#define AGENT_KEYS_MAX 1024

struct agent_key {
	struct assay_span blob;
	struct assay_span comment;
};

/* A list of keys, checked as a whole before the first is handed out. */
struct agent_keys {
	struct assay_span rest;
	size_t count;
};

void agent_ask_keys(struct buf *out);
/* For RSA with SHA-512: the flags choose among its hashes alone. */
void agent_ask_signature(struct buf *out, struct assay_span blob, struct assay_span message);
ASSAY_MUST_USE enum assay_status agent_read_keys(
    struct assay_span answer, struct agent_keys *ret_keys, struct assay_error *err);
/* False at the end. */
bool agent_next_key(struct agent_keys *keys, struct agent_key *ret_key);
/* The SSH signature blob, not verified here. ASSAY_E_SYSTEM when the agent declined. */
ASSAY_MUST_USE enum assay_status agent_read_signature(
    struct assay_span answer, struct assay_span *ret_blob, struct assay_error *err);
