/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programming languages, told by the names of files.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>

/* One row a language, ended by a row whose name is NULL. A header of C may be one of C++ too: also names that. */
struct sca_language {
	const char *name;     /* "c", "c++" */
	const char *suffixes; /* " .c .h " */
	const char *also;     /* a language whose standard covers such files as well; NULL */
};

extern const struct sca_language sca_languages[];

/* NULL: no language by its name. The ending is compared as it is written: .C is C++. */
const struct sca_language *sca_language_of(const char *path);
const struct sca_language *sca_language_find(const char *name);
/* Of C and C++: what compilers take for a unit by its name, and what units take in. */
bool sca_is_unit(const char *path);
bool sca_is_header(const char *path);
