/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

void clock_sync(void)
{
	if (system("ntpdate -s time.local") != 0) /* fault */
		exit(EXIT_FAILURE);
}
