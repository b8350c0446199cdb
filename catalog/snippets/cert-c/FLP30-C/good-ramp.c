/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void ramp(void)
{
	for (int step = 0; step < 10; step++)
		printf("%d.%d ml/h\n", step / 10, step % 10);
}
