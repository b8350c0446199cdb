/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>

static volatile sig_atomic_t seen;

static void
handler(int sig)
{
	seen = sig;
}

int
main(void)
{
	return signal(SIGINT, handler) == SIG_ERR;
}
