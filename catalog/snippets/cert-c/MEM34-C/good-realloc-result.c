/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

int grow_and_drop(size_t n)
{
	char *p = malloc(n + 1);
	char *q;

	if (p == NULL)
		return -1;
	q = realloc(p, 2 * n + 1);
	if (q == NULL) {
		free(p);
		return -1;
	}
	q[0] = 'x';
	free(q);
	return 0;
}
