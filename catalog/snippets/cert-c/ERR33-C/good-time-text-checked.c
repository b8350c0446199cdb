/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

int stamp(char *out, size_t size, const struct tm *when)
{
	if (strftime(out, size, "%Y-%m-%d", when) == 0)
		return -1;
	return 0;
}
