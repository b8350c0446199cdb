/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

void slot_name(char out[8], unsigned slot)
{
	char name[8];

	sprintf(name, "slot-%u", slot + 1000u); /* fault */
	memcpy(out, name, sizeof name);
}
