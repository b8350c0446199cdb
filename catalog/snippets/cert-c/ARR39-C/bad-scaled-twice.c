/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

uint32_t third(const uint32_t *table)
{
	const uint32_t *p = table + 2 * sizeof(uint32_t); /* fault */

	return *p;
}
