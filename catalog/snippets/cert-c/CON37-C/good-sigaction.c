/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

static void *
work(void *data)
{
	return data;
}

int
start(pthread_t *t)
{
	struct sigaction sa = { .sa_handler = SIG_IGN };
	if (sigaction(SIGPIPE, &sa, NULL) != 0)
		return -1;
	return pthread_create(t, NULL, work, NULL);
}
