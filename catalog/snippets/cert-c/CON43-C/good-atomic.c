/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>
#include <stddef.h>
#include <threads.h>

static atomic_int balance;

static int
deposit(void *arg)
{
	int own = arg != NULL;
	own++;
	balance += own;
	return 0;
}

int
start(thrd_t *t)
{
	return thrd_create(t, deposit, NULL) == thrd_success ? 0 : -1;
}
