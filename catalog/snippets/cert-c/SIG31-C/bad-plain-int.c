/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <signal.h>

int stopped;

static void
on_term(int sig)
{
	(void)sig;
	stopped = 1; /* fault */
}

int
install(void)
{
	struct sigaction sa = { .sa_handler = on_term };
	return sigaction(SIGTERM, &sa, 0);
}
