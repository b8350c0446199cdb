/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdlib.h>

static void
on_fault(int sig)
{
	(void)sig;
	_Exit(3);
}

int
main(int argc, char **argv)
{
	(void)argv;
	if (signal(SIGFPE, on_fault) == SIG_ERR)
		return 1;
	return 100 / (argc - 1);
}
