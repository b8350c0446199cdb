/* SPDX-License-Identifier: Apache-2.0 */
#include <threads.h>

int child(void *arg);

int
start(thrd_t *t)
{
	int value = 1;
	return thrd_create(t, child, &value) == thrd_success ? 0 : -1; /* fault */
}
