/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static void *stamp(void *arg)
{
	time_t now = time(NULL);
	struct tm *t = localtime(&now); /* fault */

	(void)arg;
	if (t != NULL)
		printf("%02d:%02d\n", t->tm_hour, t->tm_min);
	return NULL;
}

int stamp_start(pthread_t *t)
{
	return pthread_create(t, NULL, stamp, NULL);
}
