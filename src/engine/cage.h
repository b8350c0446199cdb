/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of one program, caged. What it may see: the system's programs and libraries below /usr, the source at /src, files of ours at
 * /canary, a folder for its reports at /out, a scratch folder in memory; and nothing of the caller's.
 */
#pragma once

#include "wire.h"

#include <stdbool.h>
#include <stdint.h>

/* Most bytes of standard output, and of each file, that a run may leave. */
#define CAGE_OUTPUT_MAX (16u << 20)
#define CAGE_FILES_MAX 256
#define CAGE_FILES_TOTAL (48u << 20)
#define CAGE_ARGUMENTS_MAX 6000

enum cage_kind { CAGE_BWRAP, CAGE_NONE, CAGE_TRUSTED };

struct cage {
	enum cage_kind kind;
	char work[200];   /* the work folder: src, canary, build; out-N below it */
	uint64_t memory;
	unsigned seconds;
	int caller;       /* its socket: when it is gone, so is the run */
};

struct cage_run {
	const char *program;           /* a name, of those that may be run */
	const char *const *arguments;  /* NULL-terminated */
	size_t argument_count;
	unsigned flags;                /* enum wire_flag */
	unsigned seconds;
	const char *out;               /* folder for its files */
};

struct cage_result {
	enum wire_end end;
	int status;
	struct buf output; /* standard output */
	struct buf words;  /* the last of standard error */
};

/* Whether name is one of the programs that are run here at all. */
bool cage_allows(const char *name);
/* Tries bubblewrap; why is room for words when it can't be used. */
enum cage_kind cage_try(bool trust, char *ret_why, size_t size);
void cage_start(const struct cage *cage, const struct cage_run *run, struct cage_result *ret_result);
