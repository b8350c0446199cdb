/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int config_commit(const char *draft, const char *final)
{
	if (rename(draft, final) != 0) {
		perror(final);
		return -1;
	}
	return 0;
}
