/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <threads.h>

struct flags {
	unsigned one : 2;
	unsigned two : 2;
};

static struct flags shared;

static int
first(void *arg)
{
	shared.one = 1; /* fault */
	(void)arg;
	return 0;
}

static int
second(void *arg)
{
	shared.two = 2; /* fault */
	(void)arg;
	return 0;
}

int
start(thrd_t *t)
{
	int rc = (int)thrd_create(t, first, NULL);
	return rc + (int)thrd_create(t, second, NULL);
}
