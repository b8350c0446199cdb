/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

char *
first_folder(void)
{
	char *path = getenv("PATH");
	if (path == NULL)
		return NULL;
	return strtok(path, ":"); /* fault */
}
