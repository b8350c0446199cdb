/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>

void volume_print(uint64_t microlitres)
{
	printf("delivered %u ul\n", microlitres); /* fault */
}
