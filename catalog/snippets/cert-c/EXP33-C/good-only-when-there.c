/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int mode_is(FILE *f, int have, int wanted)
{
	int mode;

	if (have)
		mode = fgetc(f);
	if (have && mode == wanted)
		return 1;
	return 0;
}
