/* SPDX-License-Identifier: Apache-2.0 */
int gain_of(int channel)
{
	int preset = 0;
	int *gain = 0;

	{
		preset = channel * 2 + 1;
		gain = &preset;
	}
	return *gain;
}
