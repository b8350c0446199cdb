/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/socket.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char frame[128];

long frame_receive(int socket)
{
	long got;

	if (pthread_mutex_lock(&lock) != 0)
		return -1;
	got = recv(socket, frame, sizeof frame, 0); /* fault */
	pthread_mutex_unlock(&lock);
	return got;
}
