/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int notice(const char *text)
{
	FILE copy = *stderr; /* fault */

	return fputs(text, &copy);
}
