/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

int name_export(const char *name)
{
	char *whole = malloc(strlen(name) + sizeof "PUMP_NAME=");

	if (whole == NULL)
		return -1;
	strcpy(whole, "PUMP_NAME=");
	strcat(whole, name);
	return putenv(whole);
}
