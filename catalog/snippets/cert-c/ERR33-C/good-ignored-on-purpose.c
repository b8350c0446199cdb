/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void progress(int percent)
{
	(void)printf("%d%%\r", percent);
	(void)fflush(stdout);
}
