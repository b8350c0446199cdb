/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

double limb_angle(int calibrated)
{
	if (!calibrated)
		return acos(1.5); /* fault */
	return acos(0.5);
}
