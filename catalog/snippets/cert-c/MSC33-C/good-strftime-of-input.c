/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <time.h>

void time_show(const struct tm *when)
{
	char text[32];

	if (strftime(text, sizeof text, "%c", when) != 0)
		printf("at %s", text);
}
