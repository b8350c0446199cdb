/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void text_extend(char *text, size_t size, int bed)
{
	char prefix[64] = "ward";

	snprintf(text, size, "%s-%d", prefix, bed);
}
