/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#define TRACE_ON 1

void trace(const char *text)
{
	if (TRACE_ON)
		puts(text);
}
