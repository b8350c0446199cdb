/* SPDX-License-Identifier: Apache-2.0 */
double first_of(float *values)
{
	double *wide = (double *)values; /* fault */

	return wide[0];
}
