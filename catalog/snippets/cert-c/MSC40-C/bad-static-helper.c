/* SPDX-License-Identifier: Apache-2.0 */
static int scale(int raw)
{
	return raw * 5 / 4;
}

inline int scaled(int raw)
{
	return scale(raw); /* fault */
}
