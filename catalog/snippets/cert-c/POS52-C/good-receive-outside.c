/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char frame[128];

long frame_receive(int socket)
{
	char fresh[128];
	long got = recv(socket, fresh, sizeof fresh, 0);

	if (got <= 0 || pthread_mutex_lock(&lock) != 0)
		return -1;
	memcpy(frame, fresh, sizeof frame);
	pthread_mutex_unlock(&lock);
	return got;
}
