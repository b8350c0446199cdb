/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <threads.h>

static mtx_t lock;
static cnd_t cond;
static bool ready;

int
wait_ready(void)
{
	if (mtx_lock(&lock) != thrd_success)
		return -1;
	while (!ready) {
		if (cnd_wait(&cond, &lock) != thrd_success)
			return -1;
	}
	return mtx_unlock(&lock) == thrd_success ? 0 : -1;
}

int
make_ready(void)
{
	if (mtx_lock(&lock) != thrd_success)
		return -1;
	ready = true;
	if (cnd_signal(&cond) != thrd_success)
		return -1;
	return mtx_unlock(&lock) == thrd_success ? 0 : -1;
}
