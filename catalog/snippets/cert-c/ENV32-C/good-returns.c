/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

static int done;

static void
clean(void)
{
	if (done == 0)
		done = 1;
}

int
main(void)
{
	if (atexit(clean) != 0)
		exit(1);
	return 0;
}
