/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files built into the program by scripts/embed.py. A table ends with a row whose name is NULL.
 */
#pragma once

#include <stddef.h>

struct embedded_file {
	const char *name;
	const unsigned char *data; /* followed by a NUL that does not count */
	size_t len;
};
