/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

void *child(void *arg);

int
run(void)
{
	pthread_t t;
	int value = 1;
	if (pthread_create(&t, NULL, child, &value) != 0)
		return -1;
	return pthread_join(t, NULL);
}
