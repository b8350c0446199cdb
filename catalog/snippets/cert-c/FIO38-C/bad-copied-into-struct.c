/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

struct logger {
	FILE stream; /* fault */
	unsigned lines;
};

int logger_put(struct logger *l, const char *line)
{
	l->lines++;
	return fputs(line, &l->stream);
}
