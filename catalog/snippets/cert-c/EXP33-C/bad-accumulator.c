/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

int32_t mean_pressure(const int16_t *samples, size_t count)
{
	int32_t sum;

	for (size_t i = 0; i < count; i++)
		sum += samples[i]; /* fault */
	return count == 0 ? 0 : sum / (int32_t)count;
}
