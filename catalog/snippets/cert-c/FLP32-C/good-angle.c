/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

double limb_angle(double x)
{
	if (x < -1.0 || x > 1.0)
		return 0.0;
	return acos(x);
}
