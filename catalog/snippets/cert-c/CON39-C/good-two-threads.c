/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

int
finish(pthread_t a, pthread_t b)
{
	if (pthread_join(a, NULL) != 0)
		return -1;
	return pthread_join(b, NULL);
}
