/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

static int beats;

static void beats_add(int n)
{
	beats += n;
}

void beats_parse(const char *text)
{
	beats_add(atof(text)); /* fault */
}

int beats_get(void)
{
	return beats;
}
