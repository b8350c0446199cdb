/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>

uint32_t *counters_new(size_t channels)
{
	uint32_t *counters;

	if (channels > SIZE_MAX / sizeof(uint32_t))
		return NULL;
	counters = malloc(channels * sizeof(uint32_t));
	if (counters == NULL)
		return NULL;
	for (size_t i = 0; i < channels; i++)
		counters[i] = 0;
	return counters;
}
