/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

int
finish(pthread_t t)
{
	if (pthread_detach(t) != 0)
		return -1;
	return pthread_join(t, NULL); /* fault */
}
