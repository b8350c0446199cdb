/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdint.h>

uint32_t registers(int count, ...)
{
	va_list args;
	uint32_t all = 0;

	va_start(args, count);
	while (count-- > 0) {
		unsigned value = va_arg(args, unsigned);

		all ^= value & 0xffffu;
	}
	va_end(args);
	return all;
}
