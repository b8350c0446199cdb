/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdlib.h>

int mode_export(int debug)
{
	char mode[] = "PUMP_MODE=normal";

	if (debug) {
		mode[10] = 'd';
		mode[11] = '\0';
	}
	return putenv(mode); /* fault */
}
