/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

int
CANARY_copy(const char *CANARY_text)
{
	char CANARY_room[64];
	snprintf(CANARY_room, sizeof CANARY_room, "%s", "shorter than sixty-four");
	return puts(CANARY_room) + (int)strlen(CANARY_text);
}
