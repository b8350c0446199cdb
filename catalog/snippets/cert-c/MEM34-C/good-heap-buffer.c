/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

void label_print(unsigned bed)
{
	char *label = malloc(32);

	if (label == NULL)
		return;
	snprintf(label, 32, "bed %u", bed);
	puts(label);
	free(label);
}
