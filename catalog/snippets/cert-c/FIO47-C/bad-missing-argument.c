/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

struct reading {
	double celsius;
	unsigned sensor;
};

int reading_text(char *out, size_t size, const struct reading *r)
{
	return snprintf(out, size, "sensor %u: %.1f C at %s", r->sensor, r->celsius); /* fault */
}
