/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

void stamp(char *out, size_t size, const struct tm *when)
{
	strftime(out, size, "%Y-%m-%d", when); /* fault */
}
