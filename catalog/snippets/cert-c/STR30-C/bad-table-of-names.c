/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>

static char *names[] = {"left", "right"}; /* fault */

void names_raise(void)
{
	for (int i = 0; i < 2; i++)
		names[i][0] = (char)toupper((unsigned char)names[i][0]);
}
