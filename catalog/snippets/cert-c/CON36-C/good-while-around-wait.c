/* SPDX-License-Identifier: Apache-2.0 */
#include <threads.h>

static mtx_t lock;
static cnd_t filled;
static int count;

int take(void)
{
	mtx_lock(&lock);
	while (count == 0)
		cnd_wait(&filled, &lock);
	count--;
	mtx_unlock(&lock);
	return 0;
}
