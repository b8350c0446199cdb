/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

const char *time_text(unsigned minutes)
{
	char text[16];

	snprintf(text, sizeof text, "%02u:%02u", minutes / 60, minutes % 60);
	return text; /* fault */
}
