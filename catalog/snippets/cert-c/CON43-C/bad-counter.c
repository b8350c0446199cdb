/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <threads.h>

static int balance;

static int
deposit(void *arg)
{
	(void)arg;
	balance += 10; /* fault */
	return 0;
}

int
start(thrd_t t[2])
{
	if (thrd_create(&t[0], deposit, NULL) != thrd_success)
		return -1;
	return thrd_create(&t[1], deposit, NULL) == thrd_success ? 0 : -1;
}
