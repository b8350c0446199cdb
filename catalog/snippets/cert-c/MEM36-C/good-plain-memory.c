/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

void *
grow(void)
{
	int *p = malloc(4096);
	if (p == NULL)
		return NULL;
	void *q = realloc(p, 8192);
	if (q == NULL)
		free(p);
	return q;
}
