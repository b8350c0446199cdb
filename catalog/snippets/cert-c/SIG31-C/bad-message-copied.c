/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static char *message;

static void
on_interrupt(int sig)
{
	(void)sig;
	message[0] = 'x'; /* fault */
}

int
main(void)
{
	message = malloc(16);
	if (message == NULL || signal(SIGINT, on_interrupt) == SIG_ERR)
		return 1;
	return 0;
}
