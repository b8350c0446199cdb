/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <threads.h>

struct flags {
	unsigned one : 2;
	unsigned two : 2;
};

static struct flags shared;
static mtx_t lock;

static int
first(void *arg)
{
	mtx_lock(&lock);
	shared.one = 1;
	mtx_unlock(&lock);
	(void)arg;
	return 0;
}

int
start(thrd_t *t)
{
	return (int)thrd_create(t, first, NULL);
}
