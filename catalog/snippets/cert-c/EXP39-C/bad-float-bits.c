/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

uint32_t bits_of(float value)
{
	return *(uint32_t *)&value; /* fault */
}
