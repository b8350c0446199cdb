/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>

static void
handler(int sig)
{
	if (signal(sig, handler) == SIG_ERR) /* fault */
		return;
}

int
main(void)
{
	return signal(SIGINT, handler) == SIG_ERR;
}
