/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

char **rows_new(size_t count)
{
	char **rows;

	if (count > 1000)
		return NULL;
	rows = malloc((count + 1) * sizeof(char *));
	if (rows != NULL)
		rows[count] = NULL;
	return rows;
}
