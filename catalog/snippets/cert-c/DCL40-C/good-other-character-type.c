/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <string.h>

size_t name_length(const char *row)
{
	const char *end = strchr(row, ':');

	return end == NULL ? 0 : (size_t)(end - row);
}
