/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

int is_hex(char c)
{
	return strchr("0123456789abcdef", c) != NULL && c != '\0';
}
