/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

struct limits {
	double low;
	double high;
};

static int number(const char *text, double *ret_value)
{
	char *end;

	errno = 0;
	*ret_value = strtod(text, &end);
	return errno == 0 && end != text && *end == '\0' ? 0 : -1;
}

int limits_parse(struct limits *l, const char *low, const char *high)
{
	return number(low, &l->low) == 0 && number(high, &l->high) == 0 ? 0 : -1;
}
