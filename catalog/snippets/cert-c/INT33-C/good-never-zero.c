/* SPDX-License-Identifier: Apache-2.0 */
static const int scales[4] = {1, 2, 5, 10};

int scaled(int value, unsigned step)
{
	int scale = scales[step & 3u];

	return value / scale;
}

int shared(int value, int users)
{
	return value / (users > 0 ? users : 1);
}
