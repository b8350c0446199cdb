/* SPDX-License-Identifier: Apache-2.0 */
#include <cstdio>
#include <string>

int CANARY_copy()
{
	const std::string CANARY_room = "as long as it likes";
	return std::puts(CANARY_room.c_str());
}
