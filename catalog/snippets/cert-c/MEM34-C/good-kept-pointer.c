/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

long value_of(const char *row)
{
	char *copy = malloc(strlen(row) + 1);
	char *number;
	long value;

	if (copy == NULL)
		return -1;
	strcpy(copy, row);
	number = copy + 2;
	value = strtol(number, NULL, 10);
	free(copy);
	return value;
}
