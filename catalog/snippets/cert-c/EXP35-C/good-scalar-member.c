/* SPDX-License-Identifier: Apache-2.0 */
struct row {
	int count;
	int cells[4];
};

struct row
get_row(void)
{
	struct row r = { 4, { 1, 2, 3, 4 } };
	return r;
}

int
size(void)
{
	return get_row().count;
}
