/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stddef.h>

void
raise_case(char text[], size_t len)
{
	for (size_t i = 0; i < len; i++)
		text[i] = (char)toupper(text[i]); /* fault */
}
