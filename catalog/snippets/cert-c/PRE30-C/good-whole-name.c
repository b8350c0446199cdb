/* SPDX-License-Identifier: Apache-2.0 */
#define ASSIGN(name, value) name = value

int
set(void)
{
	int \u0401 = 0;
	ASSIGN(\u0401, 4);
	return \u0401;
}
