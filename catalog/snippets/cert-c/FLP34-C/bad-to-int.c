/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

int16_t scale(float celsius)
{
	return celsius * 100.0f; /* fault */
}
