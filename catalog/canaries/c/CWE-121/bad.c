/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

int
CANARY_copy(const char *CANARY_text)
{
	char CANARY_room[8];
	strcpy(CANARY_room, "longer than eight bytes"); /* fault */
	return puts(CANARY_room) + (int)strlen(CANARY_text);
}
