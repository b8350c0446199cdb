/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int valve;

void valve_pulse(unsigned seconds)
{
	pthread_mutex_lock(&lock);
	valve = 1;
	pthread_mutex_unlock(&lock);
	sleep(seconds);
	pthread_mutex_lock(&lock);
	valve = 0;
	pthread_mutex_unlock(&lock);
}
