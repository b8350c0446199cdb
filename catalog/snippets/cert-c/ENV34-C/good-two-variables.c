/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

int same_home(void)
{
	char *home = getenv("HOME");
	char *base;
	char *kept;
	int same;

	if (home == NULL)
		return 0;
	kept = strdup(home);
	if (kept == NULL)
		return 0;
	base = getenv("PUMP_HOME");
	same = base != NULL && strcmp(kept, base) == 0;
	free(kept);
	return same;
}
