/* SPDX-License-Identifier: Apache-2.0 */
static limit = 40; /* fault */

int over(int rate)
{
	return rate > limit;
}
