/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

int last_set(const unsigned char *flags, size_t count)
{
	for (size_t i = count; i-- > 0;)
		if (flags[i] != 0)
			return (int)i;
	return -1;
}
