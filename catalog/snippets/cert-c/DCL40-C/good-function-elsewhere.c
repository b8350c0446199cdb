/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

struct dose {
	int amount;
};

int dose_total(const struct dose *d)
{
	return abs(d->amount) != 0;
}
