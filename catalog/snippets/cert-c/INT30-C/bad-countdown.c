/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

int last_set(const unsigned char *flags, size_t count)
{
	if (count == 0)
		return -1;
	for (size_t i = count - 1; i >= 0; i--) /* fault */
		if (flags[i] != 0)
			return (int)i;
	return -1;
}
