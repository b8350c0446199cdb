/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <stdio.h>

void number_print(double value)
{
	char before[64];

	snprintf(before, sizeof before, "%s", setlocale(LC_NUMERIC, NULL));
	if (setlocale(LC_NUMERIC, "C") == NULL)
		return;
	printf("%f\n", value);
	setlocale(LC_NUMERIC, before);
}
