/* SPDX-License-Identifier: Apache-2.0 */
#define CLAMP(value, most) ((value) > (most) ? (most) : (value))

int rate_clamp(int rate)
{
	return CLAMP(rate,
#define RATE_MOST 1200 /* fault */
		     RATE_MOST);
}
