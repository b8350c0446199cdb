/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <time.h>

int challenge(void)
{
	time_t now = time(NULL);

	srand((unsigned)now); /* fault */
	return rand();
}
