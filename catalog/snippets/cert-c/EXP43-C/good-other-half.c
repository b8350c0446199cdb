/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

static char halves[128];

void half_copy(void)
{
	memcpy(halves, halves + 64, 64);
}
