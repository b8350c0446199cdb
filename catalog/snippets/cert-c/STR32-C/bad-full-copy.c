/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

void bed_show(const char *bed)
{
	char name[8];

	strncpy(name, bed, sizeof name); /* fault */
	printf("%s\n", name); /* fault */
}
