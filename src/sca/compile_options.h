/* SPDX-License-Identifier: Apache-2.0 */
/* Compile options and what becomes of each: a table, and nothing that isn't in it is passed on. */
#pragma once

#include <stdbool.h>

enum option_fate {
	OPTION_REFUSE,  /* the unit is given to no engine */
	OPTION_PASS,
	OPTION_DROP,    /* says nothing about what the code means */
	OPTION_SILENCE, /* dropped, and told */
};

enum option_value {
	VALUE_NONE,     /* the word is the whole */
	VALUE_REST,     /* whatever follows the name belongs to it: "-O2" */
	VALUE_NAME,     /* the same, of letters, digits and ".+-_:," alone */
	VALUE_TEXT,     /* in the same word or the next: -D */
	VALUE_PATH,     /* the same, a path: -I */

	VALUE_LANGUAGE, /* in the same word or the next: c or c++ */
};

struct option_row {
	const char *name;
	enum option_value value;
	enum option_fate fate;
};

/* The longest name that fits; NULL: refused. */
const struct option_row *option_find(const char *word);
bool option_is_name(const char *text);
