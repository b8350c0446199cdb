/* SPDX-License-Identifier: Apache-2.0 */
struct cell {
	float value;
};

void cell_store(struct cell *row, short ward)
{
	row[0].value = ward;
}
