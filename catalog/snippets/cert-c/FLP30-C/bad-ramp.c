/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void ramp(void)
{
	for (float rate = 0.0f; rate < 1.0f; rate += 0.1f) /* fault */
		printf("%.1f ml/h\n", (double)rate);
}
