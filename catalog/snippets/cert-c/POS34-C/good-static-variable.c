/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

int zone_set(const char *zone)
{
	static char text[64];

	if (snprintf(text, sizeof text, "TZ=%s", zone) >= (int)sizeof text)
		return -1;
	return putenv(text);
}
