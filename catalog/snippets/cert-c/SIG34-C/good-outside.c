/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>

static void
handler(int sig)
{
	(void)sig;
}

static int
install(int sig)
{
	return signal(sig, handler) == SIG_ERR;
}

int
main(void)
{
	return install(SIGINT) | install(SIGTERM);
}
