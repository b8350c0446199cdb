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
	while (state != 2 && got == thrd_success)
		got = cnd_timedwait(&ready, &lock, until);
	mtx_unlock(&lock);
	return got == thrd_success ? 2 : -1;
}
