/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <string.h>

int index_of(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}
