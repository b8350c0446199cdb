/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <threads.h>

struct state {
	unsigned ready : 1;
	unsigned done : 1;
};

static struct state *shared;

static int
work(void *arg)
{
	shared->done |= 1; /* fault */
	(void)arg;
	return 0;
}

int
start(thrd_t *t, struct state *s)
{
	shared = s;
	return (int)thrd_create(t, work, NULL);
}
