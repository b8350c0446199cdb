/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

void
read_line(FILE *in)
{
	char buf[128];
	if (fgets(buf, sizeof buf, in) == NULL)
		return;
	buf[strlen(buf) - 1] = '\0'; /* fault */
	puts(buf);
}
