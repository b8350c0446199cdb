/* SPDX-License-Identifier: Apache-2.0 */
static const int limit = 1200;

void limit_raise(int by)
{
	int *p = (int *)&limit; /* fault */

	*p += by;
}

int limit_get(void)
{
	return limit;
}
