/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

int
main(int CANARY_count, char **CANARY_words)
{
	char CANARY_line[256];
	if (CANARY_count < 2)
		return 1;
	snprintf(CANARY_line, sizeof CANARY_line, "ls %s", CANARY_words[1]);
	return system(CANARY_line); /* fault */
}
