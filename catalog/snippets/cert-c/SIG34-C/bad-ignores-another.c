/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stddef.h>

static void
handler(int sig)
{
	(void)sig;
	(void)signal(SIGTERM, SIG_IGN); /* fault */
}

int
main(void)
{
	void (*old)(int) = signal(SIGINT, handler);
	return old == SIG_ERR;
}
