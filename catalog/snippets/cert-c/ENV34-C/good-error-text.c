/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

void errors_show(int first, int second)
{
	char *text = strerror(first);

	fputs(text, stderr);
	text = strerror(second);
	fputs(text, stderr);
}
