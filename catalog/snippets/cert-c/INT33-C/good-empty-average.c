/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

int average(const int *values, size_t count)
{
	int sum = 0;
	int n = 0;

	for (size_t i = 0; i < count; i++) {
		sum += values[i];
		n++;
	}
	return n == 0 ? 0 : sum / n;
}
