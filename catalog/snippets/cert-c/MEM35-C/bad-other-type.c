/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>

uint32_t *counters_new(size_t channels)
{
	uint32_t *counters = malloc(channels * sizeof(uint16_t)); /* fault */

	if (counters == NULL)
		return NULL;
	for (size_t i = 0; i < channels; i++)
		counters[i] = 0;
	return counters;
}
