/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

static char line[80];

void line_drop(void)
{
	memcpy(line, line + 4, 40); /* fault */
}
