/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

void volume_print(uint64_t microlitres)
{
	printf("delivered %" PRIu64 " ul\n", microlitres);
}
