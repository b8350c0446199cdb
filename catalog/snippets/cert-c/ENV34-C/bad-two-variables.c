/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

int same_home(void)
{
	char *home = getenv("HOME");
	char *base;

	if (home == NULL)
		return 0;
	base = getenv("PUMP_HOME");
	if (base == NULL)
		return 0;
	return strcmp(home, base) == 0; /* fault */
}
