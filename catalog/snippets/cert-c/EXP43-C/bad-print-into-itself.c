/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void text_extend(char *text, int bed)
{
	char prefix[64] = "ward";

	sprintf(prefix, "%s-%d", prefix, bed); /* fault */
	sprintf(text, "%s", prefix);
}
