/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>

static volatile sig_atomic_t stop;

static void on_interrupt(int number)
{
	(void)number;
	stop = 1;
}

int main(void)
{
	char *buffer;

	if (signal(SIGINT, on_interrupt) == SIG_ERR)
		return 1;
	buffer = malloc(512);
	while (buffer != NULL && !stop)
		buffer[0]++;
	free(buffer);
	return 0;
}
