/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void code_print(const char *code)
{
	printf("code %#s\n", code); /* fault */
}
