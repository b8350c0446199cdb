/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

void tag_print(const unsigned char *in)
{
	char tag[5];

	memcpy(tag, in, 4);
	tag[4] = '\0';
	printf("%s %zu\n", tag, strlen(tag));
}
