/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int drip_interval(int rate)
{
	int interval;

	if (rate == 0) {
		fprintf(stderr, "no rate\n");
		return -1;
	}
	interval = 3600 / rate;
	return interval;
}
