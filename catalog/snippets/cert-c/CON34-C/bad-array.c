/* SPDX-License-Identifier: Apache-2.0 */
#include <threads.h>

int child(void *arg);

int
start(thrd_t *t)
{
	char text[16] = "hello";
	if (thrd_create(t, child, text) != thrd_success) /* fault */
		return -1;
	return 0;
}
