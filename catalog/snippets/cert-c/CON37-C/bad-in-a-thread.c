/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

static void *
work(void *data)
{
	(void)signal(SIGPIPE, SIG_IGN); /* fault */
	return data;
}

int
start(pthread_t *t)
{
	return pthread_create(t, NULL, work, NULL);
}
