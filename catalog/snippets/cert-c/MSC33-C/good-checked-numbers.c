/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <time.h>

int parse_and_print(int day, int month, int year)
{
	struct tm t = {.tm_mday = day, .tm_mon = month - 1, .tm_year = year};
	char text[40];

	if (strftime(text, sizeof text, "%d.%m.%Y", &t) == 0)
		return -1;
	return fputs(text, stdout);
}
