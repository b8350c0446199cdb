/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

static char zone[] = "TZ=UTC";

int main(int argc, char *argv[], char *envp[])
{
	(void)argc;
	printf("%s starts with %s\n", argv[0], envp[0]);
	if (putenv(zone) != 0)
		return 1;
	return 0;
}
