/* SPDX-License-Identifier: Apache-2.0 */
int gain_of(int channel)
{
	int *gain = 0;

	{
		int preset = channel * 2 + 1;

		gain = &preset;
	}
	return *gain; /* fault */
}
