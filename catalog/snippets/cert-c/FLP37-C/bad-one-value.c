/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

int is_reference(double volts)
{
	double reference = 2.5;

	if (memcmp(&volts, &reference, sizeof volts) == 0) /* fault */
		return 1;
	return 0;
}
