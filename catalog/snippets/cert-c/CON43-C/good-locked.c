/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <threads.h>

static int balance;
static mtx_t lock;

static int
deposit(void *arg)
{
	(void)arg;
	if (mtx_lock(&lock) != thrd_success)
		return -1;
	balance += 10;
	return mtx_unlock(&lock) == thrd_success ? 0 : -1;
}

int
start(thrd_t *t)
{
	return thrd_create(t, deposit, NULL) == thrd_success ? 0 : -1;
}
