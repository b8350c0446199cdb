/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

int is_reference(double volts)
{
	double reference = 2.5;

	if (fabs(volts - reference) < 1e-6)
		return 1;
	return 0;
}
