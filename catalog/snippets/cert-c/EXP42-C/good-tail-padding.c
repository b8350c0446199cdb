/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <string.h>

struct reading {
	long at;
	short sensor;
};

int reading_changed(const struct reading *now, const struct reading *before)
{
	return now->at != before->at || now->sensor != before->sensor;
}
