/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

struct trend {
	double *samples;
	size_t count;
};

struct trend *trend_new(size_t count)
{
	struct trend *t = malloc(sizeof *t);

	if (t == NULL)
		return NULL;
	t->samples = calloc(count, sizeof *t->samples);
	if (t->samples == NULL) {
		free(t);
		return NULL;
	}
	t->count = count;
	return t;
}
