/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

struct pump {
	unsigned rate;
	unsigned volume;
	char name[24];
};

struct pump *pump_new(const char *name)
{
	struct pump *p = malloc(sizeof *p);

	if (p == NULL)
		return NULL;
	p->rate = 0;
	p->volume = 0;
	strncpy(p->name, name, sizeof p->name - 1);
	p->name[sizeof p->name - 1] = '\0';
	return p;
}
