/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int
first(const char *path)
{
	FILE *in;
	return getc(in = fopen(path, "r")); /* fault */
}
