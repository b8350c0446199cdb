/* SPDX-License-Identifier: Apache-2.0 */
struct cell {
	float value;
};

void cell_store(struct cell *row, int patient_id)
{
	row[0].value = patient_id; /* fault */
}
