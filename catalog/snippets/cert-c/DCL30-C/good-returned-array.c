/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

const char *time_text(unsigned minutes, char *text, size_t size)
{
	snprintf(text, size, "%02u:%02u", minutes / 60, minutes % 60);
	return text;
}
