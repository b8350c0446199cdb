/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int
read_name(FILE *in)
{
	char buf[64];
	int failed = 0;
	if (fgets(buf, sizeof buf, in) == NULL) {
		failed = 1;
		buf[0] = '\0';
	}
	puts(buf);
	return failed;
}
