/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

void unit_show(char *out, size_t size)
{
	if (size > 8)
		strcpy(out, L"ml"); /* fault */
	puts(out);
}
