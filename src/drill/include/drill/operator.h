/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's instructions of a release, carried out as they are written: on a copy of the delivery that nothing was done to, and on
 * one in which a byte is another, each on a machine that is made for it and gone with it.
 */
#pragma once

#include <drill/drill.h>

#define DRILL_STEPS_MAX 64u
/* Of what is to be seen on the screen this much is kept, from its beginning. */
#define DRILL_SCREEN_MAX 8192u
/* Where the delivery lies on that machine: the release under its own name, its seal, and the verifier beside them. */
#define DRILL_STICK "/media/stick"

struct drill_step {
	const char *commands; /* a block, as it is written */
	unsigned line;        /* of the instructions */
	unsigned exit;        /* of the first command that failed, or 0 */
	const char *screen;
};

struct drill_steps {
	struct drill_step items[DRILL_STEPS_MAX];
	size_t count; /* carried out: the last one is the first that failed */
};

struct drill_operator {
	char product[ASSAY_RELEASE_WORD_MAX + 1], version[ASSAY_RELEASE_WORD_MAX + 1];
	char release[ASSAY_TUF_HEX_SIZE], manifest[ASSAY_TUF_HEX_SIZE], instructions[ASSAY_TUF_HEX_SIZE], verifier[ASSAY_TUF_HEX_SIZE];
	const char *altered_path;
	struct drill_steps untouched, altered;
	size_t blocks;
	bool good; /* all blocks went well on the one, and one of them failed on the other */
};

/*
 * request's verifier is the one in the release: a path below its tree. ASSAY_OK when it came to an end, whatever it showed.
 * ASSAY_E_UNSUPPORTED when no machine can be made here, ASSAY_E_VERIFY when the seal isn't a complete one of this root,
 * ASSAY_E_NOT_FOUND when it has no instructions or they have no commands; else as drill_run().
 */
ASSAY_MUST_USE enum assay_status drill_operator_run(const struct drill_request *request, struct drill_operator *ret_run,
    struct assay_error *err);
/* The record, assay-drill(5): canonical JSON and a line end. */
ASSAY_MUST_USE enum assay_status drill_operator_record(const struct drill_operator *run, int64_t now, struct buf *out,
    struct assay_error *err);
