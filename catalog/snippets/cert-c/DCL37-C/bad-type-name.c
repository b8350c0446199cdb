/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

typedef struct _Sample { /* fault */
	int32_t value;
	uint32_t at;
} Sample;

int32_t sample_value(const Sample *s)
{
	return s->value;
}
