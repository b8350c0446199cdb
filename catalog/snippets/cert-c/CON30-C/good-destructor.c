/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <threads.h>

static tss_t key;

static void
destroy(void *data)
{
	free(data);
}

int
prepare(void)
{
	return tss_create(&key, destroy) == thrd_success ? 0 : -1;
}
