/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>

int worker_end(pthread_t worker)
{
	return pthread_kill(worker, SIGTERM); /* fault */
}
