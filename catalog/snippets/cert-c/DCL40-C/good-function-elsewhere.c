/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

struct dose {
	int amount;
};

double dose_total(const struct dose *d)
{
	return d->amount > 0 ? (double)strlen("dose") : 0.0;
}
