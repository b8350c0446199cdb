/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;

int
prepare(void)
{
	return pthread_key_create(&key, 0); /* fault */
}

int
keep(void)
{
	void *data = malloc(16);
	return data == NULL ? -1 : pthread_setspecific(key, data);
}
