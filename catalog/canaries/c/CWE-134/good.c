/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int
main(int CANARY_count, char **CANARY_words)
{
	if (CANARY_count > 1)
		printf("%s", CANARY_words[1]);
	return 0;
}
