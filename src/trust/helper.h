/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work in a process of its own, forked off and asked over a socket: for code of others that gets a PIN, and that must still reach
 * its device when this process has given up files and sockets.
 */
#pragma once

#include <base/buf.h>

/* The longest question and answer. */
#define HELPER_MESSAGE_MAX ((size_t)8 << 20)

struct helper_work {
	/* In the new process: what it does first, and its first answer; a failure ends it. */
	enum assay_status (*begin)(void *ctx, struct buf *ret_answer, struct assay_error *err);
	/* NULL: nothing is asked later. */
	enum assay_status (*answer)(void *ctx, struct assay_span question, struct buf *ret_answer, struct assay_error *err);
	void (*end)(void *ctx);
};

struct helper;

/* Forks, and waits for the first answer. What the parent knows of ctx stays as it is. */
ASSAY_MUST_USE enum assay_status helper_start(const struct helper_work *work, void *ctx, struct helper **ret_helper,
    struct buf *ret_answer, struct assay_error *err);
ASSAY_MUST_USE enum assay_status helper_ask(struct helper *h, struct assay_span question, struct buf *ret_answer,
    struct assay_error *err);
/* Lets it end what it does; kills it when it takes too long. */
void helper_free(struct helper **h);
