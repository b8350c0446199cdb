/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

static unsigned short window[32];

void window_clear(void)
{
	unsigned short copy[16];

	memset(copy, 0, sizeof window); /* fault */
	memcpy(window, copy, sizeof copy);
}
