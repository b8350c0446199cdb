/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>

struct device {
	int port;
};

uintptr_t device_open(int port)
{
	struct device *d = malloc(sizeof *d);

	if (d == NULL)
		return 0;
	d->port = port;
	return (uintptr_t)d;
}
