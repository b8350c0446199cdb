/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

int slot_name(char out[8], unsigned slot)
{
	char name[8];

	if (snprintf(name, sizeof name, "s%u", slot % 1000u) >= (int)sizeof name)
		return -1;
	memcpy(out, name, sizeof name);
	return 0;
}
