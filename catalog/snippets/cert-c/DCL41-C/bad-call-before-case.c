/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int opcode_run(int opcode, int *steps)
{
	switch (opcode) {
		*steps += 1; /* fault */
	case 1:
		return 10;
	case 2:
		return 20;
	default:
		return 0;
	}
}
