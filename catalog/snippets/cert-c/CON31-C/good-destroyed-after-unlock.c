/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t lock;
static int level;

int level_close(void)
{
	pthread_mutex_lock(&lock);
	level = 0;
	pthread_mutex_unlock(&lock);
	pthread_mutex_destroy(&lock);
	return 0;
}
