/* SPDX-License-Identifier: Apache-2.0 */
/* What compiling a pattern gives: a program for a machine that is in many states at once. */
#pragma once

#include <base/ere.h>

enum ere_op { ERE_SET, ERE_SPLIT, ERE_BEGIN, ERE_END, ERE_MATCH };

struct ere_step {
	enum ere_op op;
	uint16_t next, other;    /* ERE_SPLIT has both */
	unsigned char set[32];   /* ERE_SET: bytes, a bit each */
};

/* States with the place where each began. */
struct ere_states {
	uint16_t list[ERE_PROGRAM_MAX];
	size_t began[ERE_PROGRAM_MAX];
	bool has[ERE_PROGRAM_MAX];
	size_t count;
};

struct ere {
	struct ere_step steps[ERE_PROGRAM_MAX];
	size_t count;
	uint16_t first;
	struct ere_states now, then;
	uint16_t stack[2 * ERE_PROGRAM_MAX];
};
