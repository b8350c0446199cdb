/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

char *strchr(const char *text, char wanted); /* fault */

size_t name_length(const char *row)
{
	const char *end = strchr(row, ':');

	return end == NULL ? 0 : (size_t)(end - row);
}
