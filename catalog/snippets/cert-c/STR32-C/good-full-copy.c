/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

void bed_show(const char *bed)
{
	char name[8];

	strncpy(name, bed, sizeof name - 1);
	name[sizeof name - 1] = '\0';
	printf("%s\n", name);
}
