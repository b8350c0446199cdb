/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

int say(unsigned number);

int say(unsigned number)
{
	char *text = malloc(64); /* fault */
	if (text == NULL)
		return -1;
	(void)snprintf(text, 64, "line %u", number);
	int said = puts(text);
	free(text);
	return said;
}
