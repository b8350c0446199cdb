/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

int rate_parse(const char *row, unsigned *ret_rate)
{
	unsigned long rate;
	char *end;

	if (strncmp(row, "rate ", 5) != 0)
		return -1;
	errno = 0;
	rate = strtoul(row + 5, &end, 10);
	if (errno != 0 || end == row + 5 || rate > UINT_MAX)
		return -1;
	*ret_rate = (unsigned)rate;
	return 0;
}
