/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

float seconds_of(uint32_t ticks)
{
	float t = ticks; /* fault */

	return t / 1000.0f;
}
