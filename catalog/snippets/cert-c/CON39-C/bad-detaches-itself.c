/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <threads.h>

static int
work(void *arg)
{
	(void)arg;
	return thrd_detach(thrd_current()) == thrd_success ? 0 : -1;
}

int
main(void)
{
	thrd_t t;
	if (thrd_create(&t, work, NULL) != thrd_success)
		return 1;
	return thrd_join(t, NULL) != thrd_success; /* fault */
}
