/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdlib.h>

void *
grow(void)
{
	void *p = NULL;
	if (posix_memalign(&p, 64, 4096) != 0)
		return NULL;
	void *q = realloc(p, 8192); /* fault */
	if (q == NULL)
		free(p);
	return q;
}
