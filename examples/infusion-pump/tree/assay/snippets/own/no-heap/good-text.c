/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int say(unsigned number);

int say(unsigned number)
{
	char text[64];
	(void)snprintf(text, sizeof text, "line %u", number);
	return puts(text);
}
