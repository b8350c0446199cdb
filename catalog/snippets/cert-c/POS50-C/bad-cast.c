/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

void *child(void *arg);

struct job {
	int n;
};

int
start(int n)
{
	pthread_t t;
	struct job job = { n };
	int rc = pthread_create(&t, NULL, child, (void *)&job); /* fault */
	return rc == 0 ? pthread_detach(t) : rc;
}
