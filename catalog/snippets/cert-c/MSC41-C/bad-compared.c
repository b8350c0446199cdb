/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

int
is_admin(const char *password)
{
	return strcmp(password, "letmein2024") == 0; /* fault */
}
