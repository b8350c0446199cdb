/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <wchar.h>

size_t caption_length(const wchar_t *caption)
{
	return strlen(caption); /* fault */
}
