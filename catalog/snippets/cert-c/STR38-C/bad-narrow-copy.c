/* SPDX-License-Identifier: Apache-2.0 */
#include <wchar.h>

void caption_set(char out[32], const char *name)
{
	wcsncpy(out, name, 7); /* fault */
	out[31] = '\0';
}
