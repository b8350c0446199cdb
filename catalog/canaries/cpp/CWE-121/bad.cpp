/* SPDX-License-Identifier: Apache-2.0 */
#include <cstdio>
#include <cstring>

int CANARY_copy()
{
	char CANARY_room[8];
	std::strcpy(CANARY_room, "longer than eight bytes"); /* fault */
	return std::puts(CANARY_room);
}
