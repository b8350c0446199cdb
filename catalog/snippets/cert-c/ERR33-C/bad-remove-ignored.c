/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void config_commit(const char *draft, const char *final)
{
	remove(final); /* fault */
	if (rename(draft, final) != 0)
		perror(final);
}
