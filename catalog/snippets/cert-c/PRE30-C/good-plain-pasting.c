/* SPDX-License-Identifier: Apache-2.0 */
#define ASSIGN(a, b, value) a ## b = value

int
set(void)
{
	int u0401 = 0;
	ASSIGN(u04, 01, 4);
	return u0401;
}
