/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

size_t
table_size(size_t rows)
{
	return rows * sizeof(unsigned int) * 4;
}
