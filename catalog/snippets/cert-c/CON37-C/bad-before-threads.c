/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stddef.h>
#include <threads.h>

static volatile sig_atomic_t flag;

static void
handler(int sig)
{
	flag = sig;
}

static int
work(void *data)
{
	(void)data;
	while (!flag)
		thrd_yield();
	return 0;
}

int
main(void)
{
	thrd_t t;
	if (signal(SIGTERM, handler) == SIG_ERR) /* fault */
		return 1;
	if (thrd_create(&t, work, NULL) != thrd_success)
		return 1;
	return thrd_join(t, NULL) != thrd_success;
}
