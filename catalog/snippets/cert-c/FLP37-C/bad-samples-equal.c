/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

int samples_equal(const float *a, const float *b)
{
	return memcmp(a, b, 4 * sizeof(float)) == 0; /* fault */
}
