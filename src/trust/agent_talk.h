/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Talking to an ssh-agent over its UNIX socket.
 */
#pragma once

#include <assay/status.h>
#include <base/buf.h>

/* Seconds for an answer; a signature may wait for a person who is asked to consent or to touch. */
#define AGENT_LIST_SECONDS 15
#define AGENT_SIGN_SECONDS 120

/* path: what SSH_AUTH_SOCK says, or NULL. */
ASSAY_MUST_USE enum assay_status agent_connect(const char *path, int *ret_fd, struct assay_error *err);
/* One question, one answer (without its length) into out. */
ASSAY_MUST_USE enum assay_status agent_converse(int fd, struct assay_span question, unsigned seconds,
    struct buf *out, struct assay_error *err);
