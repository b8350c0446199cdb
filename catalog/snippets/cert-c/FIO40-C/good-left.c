/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int
read_name(FILE *in)
{
	char buf[64];
	if (fgets(buf, sizeof buf, in) == NULL) {
		return -1;
	}
	puts(buf);
	return 0;
}
