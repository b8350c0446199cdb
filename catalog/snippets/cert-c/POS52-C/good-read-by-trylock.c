/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int wanted;

int wanted_fd(void)
{
	int fd;

	pthread_mutex_lock(&lock);
	fd = wanted;
	pthread_mutex_unlock(&lock);
	return fd;
}

long wanted_read(char *out, size_t n)
{
	int fd = wanted_fd();

	return read(fd, out, n);
}
