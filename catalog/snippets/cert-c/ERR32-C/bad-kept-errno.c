/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>

static volatile sig_atomic_t failed;

static void
handler(int sig)
{
	if (signal(sig, handler) == SIG_ERR)
		failed = errno; /* fault */
}

int
main(void)
{
	return signal(SIGTERM, handler) == SIG_ERR;
}
