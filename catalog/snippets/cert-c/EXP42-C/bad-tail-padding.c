/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

struct reading {
	long at;
	short sensor;
};

int reading_changed(const struct reading *now, const struct reading *before)
{
	int changed = memcmp(now, before, sizeof(struct reading)); /* fault */

	return changed != 0;
}
