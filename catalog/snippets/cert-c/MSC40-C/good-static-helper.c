/* SPDX-License-Identifier: Apache-2.0 */
static int scale(int raw)
{
	return raw * 5 / 4;
}

static inline int scaled(int raw)
{
	return scale(raw);
}

int scaled_value(int raw)
{
	return scaled(raw);
}
