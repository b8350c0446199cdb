/* SPDX-License-Identifier: Apache-2.0 */
double first_of(float *values)
{
	float *narrow = (float *)values;

	return (double)narrow[0];
}
