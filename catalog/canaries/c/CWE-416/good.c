/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

int
CANARY_use(void)
{
	int *CANARY_item = malloc(sizeof *CANARY_item);
	if (CANARY_item == NULL)
		return -1;
	*CANARY_item = 1;
	int CANARY_value = *CANARY_item;
	free(CANARY_item);
	return CANARY_value;
}
