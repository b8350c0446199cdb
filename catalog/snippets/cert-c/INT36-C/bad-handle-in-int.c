/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

struct device {
	int port;
};

unsigned device_open(int port)
{
	struct device *d = malloc(sizeof *d);

	if (d == NULL)
		return 0;
	d->port = port;
	return (unsigned)d; /* fault */
}
