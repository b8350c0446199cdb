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
	int status = 0;

	pthread_mutex_lock(&p->guard);
	if (read(p->fd, &p->last, 1) != 1) /* fault */
		status = -1;
	pthread_mutex_unlock(&p->guard);
	return status;
}
