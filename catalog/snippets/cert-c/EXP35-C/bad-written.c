/* SPDX-License-Identifier: Apache-2.0 */
struct row {
	int cells[4];
};

struct row
get_row(void)
{
	struct row r = { { 1, 2, 3, 4 } };
	return r;
}

int
next(void)
{
	return ++(get_row().cells[0]); /* fault */
}
