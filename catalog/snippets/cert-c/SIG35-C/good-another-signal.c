/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>

static volatile sig_atomic_t stopped;

static void
on_interrupt(int sig)
{
	stopped = sig;
}

int
main(void)
{
	return signal(SIGINT, on_interrupt) == SIG_ERR;
}
