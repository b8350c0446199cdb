/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <unistd.h>

void state_store(int fd, const void *state, size_t n)
{
	lseek(fd, 0, SEEK_SET);
	write(fd, state, n); /* fault */
}
