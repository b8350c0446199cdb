/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

int
main(int CANARY_count, char **CANARY_words)
{
	if (CANARY_count < 2)
		return 1;
	printf("listing for %s\n", CANARY_words[1]);
	return execl("/bin/ls", "ls", "--", "/srv", (char *)0);
}
