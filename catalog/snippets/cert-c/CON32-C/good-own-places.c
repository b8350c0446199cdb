/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <threads.h>

struct flags {
	unsigned char one;
	unsigned char two;
};

static struct flags shared;

static int
first(void *arg)
{
	shared.one = 1;
	(void)arg;
	return 0;
}

int
start(thrd_t *t)
{
	return (int)thrd_create(t, first, NULL);
}
