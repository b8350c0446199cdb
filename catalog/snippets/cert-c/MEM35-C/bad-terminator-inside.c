/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

char *serial_copy(const char *serial)
{
	char *copy = malloc(strlen(serial + 1)); /* fault */

	if (copy == NULL)
		return NULL;
	memcpy(copy, serial, strlen(serial));
	return copy;
}
