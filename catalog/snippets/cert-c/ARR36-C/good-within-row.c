/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <string.h>

ptrdiff_t key_length(const char *row)
{
	const char *equals = strchr(row, '=');

	if (equals == NULL || equals <= row)
		return -1;
	return equals - row;
}
