/* SPDX-License-Identifier: Apache-2.0 */
struct dose {
	int amount;
};

int dose_total(const struct dose *d)
{
	extern void *abs(int value); /* fault */

	return abs(d->amount) != 0;
}
