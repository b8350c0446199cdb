/* SPDX-License-Identifier: Apache-2.0 */
struct dose {
	int amount;
};

double dose_total(const struct dose *d)
{
	extern double strlen(const char *); /* fault */

	return d->amount > 0 ? strlen("dose") : 0.0;
}
