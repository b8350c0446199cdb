/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

int name_export(const char *name)
{
	char row[80] = "PUMP_NAME=";
	char *whole = row;

	strncat(row, name, sizeof row - strlen(row) - 1);
	return putenv(whole); /* fault */
}
