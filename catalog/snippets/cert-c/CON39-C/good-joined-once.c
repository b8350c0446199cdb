/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <threads.h>

static int
work(void *arg)
{
	return arg != NULL;
}

int
main(void)
{
	thrd_t t;
	if (thrd_create(&t, work, NULL) != thrd_success)
		return 1;
	return thrd_join(t, NULL) != thrd_success;
}
