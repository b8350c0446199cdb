/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdlib.h>

static void
handler(int sig)
{
	if (signal(sig, SIG_DFL) == SIG_ERR)
		abort();
}

int
main(void)
{
	return signal(SIGINT, handler) == SIG_ERR;
}
