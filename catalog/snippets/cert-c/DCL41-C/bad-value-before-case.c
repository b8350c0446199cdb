/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void state_print(int state)
{
	switch (state) {
		int shown = 4; /* fault */
	case 0:
		shown++;
		printf("idle %d\n", shown);
		break;
	default:
		printf("state %d\n", state);
	}
}
