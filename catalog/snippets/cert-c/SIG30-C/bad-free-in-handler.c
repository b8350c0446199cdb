/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>

static char *buffer;

static void on_interrupt(int number)
{
	(void)number;
	free(buffer); /* fault */
	_Exit(2);
}

int main(void)
{
	if (signal(SIGINT, on_interrupt) == SIG_ERR)
		return 1;
	buffer = malloc(512);
	return buffer == NULL;
}
