/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>

struct port {
	pthread_mutex_t guard;
	int fd;
	unsigned char last;
};

int port_poll(struct port *p)
{
	unsigned char byte;

	if (read(p->fd, &byte, 1) != 1)
		return -1;
	pthread_mutex_lock(&p->guard);
	p->last = byte;
	pthread_mutex_unlock(&p->guard);
	return 0;
}
