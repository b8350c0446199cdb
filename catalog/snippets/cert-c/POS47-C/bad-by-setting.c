/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>

void *reader(void *arg)
{
	const int *fd = arg;
	char byte;

	if (*fd < 0)
		return NULL;
	if (pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL) != 0 ||
	    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL) != 0) /* fault */
		return NULL;
	while (read(*fd, &byte, 1) == 1)
		;
	return arg;
}
