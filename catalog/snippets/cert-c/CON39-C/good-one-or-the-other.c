/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

int
finish(pthread_t t, int waits)
{
	if (waits) {
		return pthread_join(t, NULL);
	}
	return pthread_detach(t);
}
