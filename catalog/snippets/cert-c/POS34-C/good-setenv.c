/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdlib.h>

int mode_export(int debug)
{
	char mode[] = "normal";

	if (debug) {
		mode[0] = 'd';
		mode[1] = '\0';
	}
	return setenv("PUMP_MODE", mode, 1);
}
