/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

struct link {
	int fd;
	int errors;
};

static int usable(const struct link *l)
{
	return l != NULL && l->fd >= 0;
}

int link_errors(const struct link *l)
{
	if (!usable(l))
		return -1;
	return l->errors;
}
