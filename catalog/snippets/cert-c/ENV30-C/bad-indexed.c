/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

void
shorten(void)
{
	char *home = getenv("HOME");
	if (home == NULL)
		return;
	home[0] = '\0'; /* fault */
}
