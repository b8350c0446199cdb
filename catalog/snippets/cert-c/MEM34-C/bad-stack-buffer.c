/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

void label_print(unsigned bed)
{
	char local[32];
	char *label = local;

	snprintf(local, sizeof local, "bed %u", bed);
	puts(label);
	free(label); /* fault */
}
