/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	if (argc > 1 && setenv("PUMP_MODE", argv[1], 1) != 0)
		return 1;
	for (size_t i = 0; environ[i] != NULL; i++)
		puts(environ[i]);
	return 0;
}
