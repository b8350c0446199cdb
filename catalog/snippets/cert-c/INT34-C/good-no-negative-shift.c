/* SPDX-License-Identifier: Apache-2.0 */
int sign_extend(int raw, int width)
{
	int shift = 31;

	if (width > 40)
		shift = 40 - 32;
	return raw >> shift;
}
