/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void code_print(unsigned code)
{
	printf("code %#x\n", code);
}
