/* SPDX-License-Identifier: Apache-2.0 */
#define CLAMP(value, most) ((value) > (most) ? (most) : (value))
#define RATE_MOST 1200

int rate_clamp(int rate)
{
	return CLAMP(rate, RATE_MOST);
}
