/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's instructions of the judged release: what is to be typed, and whether somebody who types it learns what there is to know.
 */
#pragma once

#include "release.h"

#include <seal/instructions.h>

#define OPERATOR_PAGE "instructions.md"

struct operator_block {
	const struct seal_block *block;
	bool verifies; /* the verifier is run in it */
};

struct operator_page {
	const struct release_base *b;
	const char *program;        /* the verifier's name, without its folders */
	const char *verifier;       /* SHA-256 of it by the manifest; NULL: the release has none */
	struct operator_block *blocks; /* of commands */
	size_t count;
	size_t calls;               /* times that the verifier is run */
	/* While it is read. */
	bool seen, compared;        /* the verifier's digest was to be seen; and that in an earlier block */
	const char *pinned;         /* the state folder that remembers the trust root by now, or NULL */
};

/*
 * Finds all that is wrong with the page. *ret_read is false, with an open question, when it can't be read.
 */
ASSAY_MUST_USE enum assay_status operator_page_judge(struct operator_page *page, bool *ret_read);
