/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdatomic.h>

static atomic_int stopped;

static void
on_interrupt(int sig)
{
	int local = sig;
	stopped = local;
}

int
main(void)
{
	return signal(SIGINT, on_interrupt) == SIG_ERR;
}
