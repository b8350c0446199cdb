/* SPDX-License-Identifier: Apache-2.0 */
int may_deliver(int rate, int limit, int door)
{
	if (rate > 0 & rate < limit & door == 0) /* fault */
		return 1;
	return 0;
}
