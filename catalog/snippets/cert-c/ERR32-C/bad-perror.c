/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static void
handler(int sig)
{
	if (signal(sig, SIG_DFL) == SIG_ERR) {
		perror("signal"); /* fault */
		abort();
	}
}

int
main(void)
{
	return signal(SIGINT, handler) == SIG_ERR;
}
