/* SPDX-License-Identifier: Apache-2.0 */
int pick(int unit)
{
	int copy = unit;

	for (int i = 0; copy != i; i++)
		unit--;
	return unit + copy;
}
