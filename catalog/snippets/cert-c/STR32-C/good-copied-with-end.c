/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

char *name_keep(const char *name)
{
	size_t len = strlen(name);
	char *copy = malloc(len + 1);

	if (copy == NULL)
		return NULL;
	memcpy(copy, name, len + 1);
	return copy;
}
