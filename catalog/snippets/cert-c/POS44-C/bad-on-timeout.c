/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <time.h>

int thread_await(pthread_t t, time_t seconds)
{
	struct timespec until = {.tv_sec = time(NULL) + seconds};

	if (pthread_timedjoin_np(t, NULL, &until) == 0)
		return 0;
	pthread_kill(t, SIGTERM); /* fault */
	return -1;
}
