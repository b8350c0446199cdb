/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

struct job {
	int volume;
	int minutes;
};

int flow_read(FILE *in)
{
	struct job j;

	if (fread(&j, sizeof j, 1, in) != 1)
		return -1;
	return j.volume / j.minutes; /* fault */
}
