/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <threads.h>

static tss_t key;

static int
work(void *arg)
{
	int *data = malloc(sizeof *data);
	if (data == NULL)
		return -1;
	*data = arg != NULL;
	return tss_set(key, data) == thrd_success ? 0 : -1;
}

int
main(void)
{
	thrd_t t;
	if (tss_create(&key, NULL) != thrd_success) /* fault */
		return 1;
	if (thrd_create(&t, work, NULL) != thrd_success)
		return 1;
	return thrd_join(t, NULL) != thrd_success;
}
