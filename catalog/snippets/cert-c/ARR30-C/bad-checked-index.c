/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

static const char *const states[] = {"idle", "priming", "running"};

const char *state_name(unsigned state)
{
	if (state > 3)
		return "unknown";
	if (state == 3)
		fputs("state 3\n", stderr);
	return states[state]; /* fault */
}
