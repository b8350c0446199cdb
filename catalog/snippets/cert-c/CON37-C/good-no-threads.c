/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>

static volatile sig_atomic_t flag;

static void
handler(int sig)
{
	flag = sig;
}

int
main(void)
{
	return signal(SIGTERM, handler) == SIG_ERR;
}
