/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

static uint16_t registers[8];

uint16_t *register_second(void)
{
	uint16_t *second = registers + 5 * sizeof registers[0]; /* fault */

	return second;
}
