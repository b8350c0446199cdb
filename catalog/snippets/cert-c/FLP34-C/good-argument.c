/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

static int beats;

static void beats_add(int n)
{
	beats += n;
}

int beats_parse(const char *text)
{
	double value = strtod(text, NULL);

	if (!(value >= 0.0 && value <= 1000.0))
		return -1;
	beats_add((int)value);
	return 0;
}

int beats_get(void)
{
	return beats;
}
