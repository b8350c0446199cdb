/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <threads.h>

static mtx_t lock;
static cnd_t cond;
static size_t current;

int
run_step(void *arg)
{
	const size_t mine = *(const size_t *)arg;
	if (mtx_lock(&lock) != thrd_success)
		return -1;
	while (current != mine) {
		if (cnd_wait(&cond, &lock) != thrd_success)
			return -1;
	}
	current++;
	if (cnd_broadcast(&cond) != thrd_success)
		return -1;
	return mtx_unlock(&lock) == thrd_success ? 0 : -1;
}
