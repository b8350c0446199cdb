/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

static void
clean(void)
{
}

static void
give_up(void)
{
	exit(2);
}

int
main(int argc, char **argv)
{
	(void)argv;
	if (atexit(clean) != 0 || argc > 9)
		give_up();
	return 0;
}
