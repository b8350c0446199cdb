/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <signal.h>

static volatile sig_atomic_t faults;

static void
on_fault(int sig) /* fault */
{
	faults = sig;
	return;
}

int
install(void)
{
	struct sigaction sa = { 0 };
	sa.sa_handler = on_fault;
	return sigaction(SIGSEGV, &sa, 0);
}
