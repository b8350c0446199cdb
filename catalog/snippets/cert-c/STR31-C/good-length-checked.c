/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

struct patient {
	char name[24];
	unsigned visits;
};

int patient_name(struct patient *p, const char *name)
{
	if (strlen(name) >= sizeof p->name)
		return -1;
	strcpy(p->name, name);
	p->visits = 0;
	return 0;
}
