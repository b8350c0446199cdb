/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

int log_compress(const char *path)
{
	char command[256];

	snprintf(command, sizeof command, "gzip -9 '%s'", path);
	return system(command); /* fault */
}
