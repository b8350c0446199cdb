/* SPDX-License-Identifier: Apache-2.0 */
#include <threads.h>
#include <time.h>

static mtx_t lock;
static cnd_t ready;
static int state;

int state_await(const struct timespec *until)
{
	int got = thrd_success;

	mtx_lock(&lock);
	if (state != 2)
		got = cnd_timedwait(&ready, &lock, until); /* fault */
	mtx_unlock(&lock);
	return got == thrd_success ? state : -1;
}
