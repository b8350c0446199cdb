/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

struct drug {
	int id;
	int limit;
};

static const struct drug library[] = {{1, 40}, {2, 15}, {7, 90}};

static const struct drug *drug_find(int id)
{
	for (size_t i = 0; i < sizeof library / sizeof library[0]; i++)
		if (library[i].id == id)
			return &library[i];
	return NULL;
}

int drug_limit(int id)
{
	const struct drug *d = drug_find(id);

	return d->limit; /* fault */
}
