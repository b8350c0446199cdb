/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

void *
grow(void)
{
	int *p = aligned_alloc(4096, 4096);
	if (p == NULL)
		return NULL;
	void *q = aligned_alloc(4096, 8192);
	if (q != NULL)
		memcpy(q, p, 4096);
	free(p);
	return q;
}
