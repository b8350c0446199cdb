/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys of tokens, with what the tokens say of them: a capture (keys/capture.h reads it). All of it is on the token's word.
 */
#pragma once

#include <trust/signer.h>

struct token_list_request {
	const char *module; /* path; NULL: none was named */
	const char *uri;    /* which tokens and keys; NULL: all */
	const char *day;    /* "2026-11-22": when it is taken */
	bool login;         /* at the one token that fits: as a rule private keys show after it alone */
	bool last_try;
	signer_ask_pin ask_pin;
	void *ask_ctx;
};

/* Appends the capture in canonical JSON, with a line end. */
ASSAY_MUST_USE enum assay_status token_list(const struct token_list_request *request, struct buf *ret_capture,
    struct assay_error *err);
