/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>

static volatile sig_atomic_t denominator;

static void
on_fault(int sig) /* fault */
{
	(void)sig;
	denominator = 1;
}

int
main(int argc, char **argv)
{
	(void)argv;
	if (signal(SIGFPE, on_fault) == SIG_ERR)
		return 1;
	return 100 / (argc - 1);
}
