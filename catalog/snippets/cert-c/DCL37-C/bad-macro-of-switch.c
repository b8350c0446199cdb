/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#define __TRACE_ON 1 /* fault */

void trace(const char *text)
{
	if (__TRACE_ON)
		puts(text);
}
