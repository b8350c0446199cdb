/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

double seconds_of(uint32_t ticks)
{
	double t = ticks;

	return t / 1000.0;
}
