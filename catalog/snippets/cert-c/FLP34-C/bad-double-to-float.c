/* SPDX-License-Identifier: Apache-2.0 */
struct sample {
	float value;
};

void sample_set(struct sample *s, double volts, double gain)
{
	s->value = volts * gain; /* fault */
}
