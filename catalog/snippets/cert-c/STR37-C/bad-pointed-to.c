/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stddef.h>

size_t
count_spaces(const char *s)
{
	const char *p = s;
	while (isspace(*p)) /* fault */
		p++;
	return (size_t)(p - s);
}
