/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t guard;
static unsigned samples;

void sampling_end(void)
{
	pthread_mutex_destroy(&guard);
	pthread_mutex_lock(&guard); /* fault */
	samples = 0;
	pthread_mutex_unlock(&guard);
}
