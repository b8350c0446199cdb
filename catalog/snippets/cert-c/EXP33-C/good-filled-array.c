/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

int median_of_three(const int *in)
{
	int sorted[3];

	for (size_t i = 0; i < 3; i++) {
		size_t at = i;

		while (at > 0 && sorted[at - 1] > in[i]) {
			sorted[at] = sorted[at - 1];
			at--;
		}
		sorted[at] = in[i];
	}
	return sorted[1];
}
