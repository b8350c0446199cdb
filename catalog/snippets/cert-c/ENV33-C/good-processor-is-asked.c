/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

void clock_sync(void)
{
	execl("/usr/sbin/ntpdate", "ntpdate", "-s", "time.local", (char *)NULL);
	exit(EXIT_FAILURE);
}
