/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

int report_print(const char *patient)
{
	char *text = malloc(64);

	if (text == NULL)
		return -1;
	snprintf(text, 64, "patient %s", patient);
	puts(text);
	free(text);
	text = malloc(256);
	if (text == NULL)
		return -1;
	snprintf(text, 256, "end of report for %s", patient);
	puts(text);
	free(text);
	return 0;
}
