/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

void *
grow(void)
{
	int *p = aligned_alloc(4096, 4096);
	if (p == NULL)
		return NULL;
	void *q = realloc(p, 8192); /* fault */
	if (q == NULL)
		free(p);
	return q;
}
