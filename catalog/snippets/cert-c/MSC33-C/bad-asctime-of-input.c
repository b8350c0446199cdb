/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <time.h>

void time_show(const struct tm *when)
{
	printf("at %s", asctime(when)); /* fault */
}
