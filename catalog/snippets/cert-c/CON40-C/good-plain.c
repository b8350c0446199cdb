/* SPDX-License-Identifier: Apache-2.0 */
static int n;

int
sum(void)
{
	return n * (n + 1) / 2;
}
