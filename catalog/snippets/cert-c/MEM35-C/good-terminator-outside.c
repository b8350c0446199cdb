/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

char *serial_copy(const char *serial)
{
	char *copy = malloc(strlen(serial) + 1);

	if (copy == NULL)
		return NULL;
	memcpy(copy, serial, strlen(serial) + 1);
	return copy;
}
