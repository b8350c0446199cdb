/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int notice(const char *text)
{
	FILE *out = stderr;

	return fputs(text, out);
}
