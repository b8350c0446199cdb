/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

static int done;

static void
clean(void)
{
	if (done == 0)
		exit(1); /* fault */
}

int
main(void)
{
	return atexit(clean) != 0;
}
