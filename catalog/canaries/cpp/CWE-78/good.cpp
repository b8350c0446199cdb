/* SPDX-License-Identifier: Apache-2.0 */
#include <cstdio>
#include <unistd.h>

int main(int CANARY_count, char **CANARY_words)
{
	if (CANARY_count < 2)
		return 1;
	std::printf("listing for %s\n", CANARY_words[1]);
	return execl("/bin/ls", "ls", "--", "/srv", static_cast<char *>(nullptr));
}
