/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

static void buffer_drop(char *buffer, int wipe)
{
	if (buffer == NULL)
		return;
	if (wipe)
		buffer[0] = '\0';
	free(buffer);
}

int name_print(const char *name, int secret)
{
	char *copy = malloc(80);

	if (copy == NULL)
		return -1;
	if (snprintf(copy, 80, "<%s>", name) >= 80) {
		buffer_drop(copy, secret);
		return -1;
	}
	puts(copy);
	buffer_drop(copy, secret);
	return 0;
}
