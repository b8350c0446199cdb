/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <threads.h>

int child(void *arg);

int
run(void)
{
	thrd_t t;
	int value = 1;
	if (thrd_create(&t, child, &value) != thrd_success)
		return -1;
	return thrd_join(t, NULL) == thrd_success ? 0 : -1;
}
