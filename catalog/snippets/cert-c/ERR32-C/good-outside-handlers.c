/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>

static void
handler(int sig)
{
	(void)sig;
}

int
main(void)
{
	if (signal(SIGINT, handler) == SIG_ERR) {
		perror("signal");
		return 1;
	}
	return 0;
}
