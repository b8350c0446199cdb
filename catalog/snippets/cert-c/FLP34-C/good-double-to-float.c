/* SPDX-License-Identifier: Apache-2.0 */
#include <float.h>

struct sample {
	float value;
};

int sample_set(struct sample *s, double volts, double gain)
{
	double value = volts * gain;

	if (!(value >= -(double)FLT_MAX && value <= (double)FLT_MAX))
		return -1;
	s->value = (float)value;
	return 0;
}
