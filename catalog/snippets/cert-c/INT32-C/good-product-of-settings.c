/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

int64_t interval_us(int minutes)
{
	int64_t us = (int64_t)minutes * 60 * 1000000;

	return us;
}
