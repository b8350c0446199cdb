/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>

int worker_end(pthread_t worker)
{
	if (pthread_cancel(worker) != 0)
		return -1;
	return pthread_join(worker, NULL);
}
