/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

static char fallback[] = "/";

char *
place(void)
{
	char *home = getenv("HOME");
	if (home == NULL) {
		home = fallback;
		home[0] = '.';
	}
	return home;
}
