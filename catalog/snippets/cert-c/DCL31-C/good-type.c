/* SPDX-License-Identifier: Apache-2.0 */
static int limit = 40;

int over(int rate)
{
	return rate > limit;
}
