/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>
#include <time.h>

int parse_and_print(int day, int month, int year)
{
	struct tm t = {.tm_mday = day, .tm_mon = month - 1, .tm_year = year};
	char text[26];

	if (asctime_r(&t, text) == NULL) /* fault */
		return -1;
	return fputs(text, stdout);
}
