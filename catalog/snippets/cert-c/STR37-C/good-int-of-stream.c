/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdio.h>

int
next_is_digit(FILE *in)
{
	const int c = fgetc(in);
	return c != EOF && isdigit(c);
}
