/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

int
has_home(void)
{
	const char *home = getenv("HOME");
	return home != NULL && home[0] == '/';
}
