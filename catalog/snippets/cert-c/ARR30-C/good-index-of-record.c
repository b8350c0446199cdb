/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

struct request {
	int preset;
	int bed;
};

static const int presets[12] = {5, 10, 20, 40, 60, 80, 100, 120, 160, 200, 300, 400};

int preset_read(FILE *in)
{
	struct request r;

	if (fread(&r, sizeof r, 1, in) != 1)
		return -1;
	if (r.preset < 0 || r.preset >= 12)
		return -1;
	return presets[r.preset];
}
