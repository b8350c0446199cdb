/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>

float mean(int count, ...)
{
	va_list args;
	float sum = 0.0f;

	va_start(args, count);
	for (int i = 0; i < count; i++)
		sum += va_arg(args, float); /* fault */
	va_end(args);
	return count > 0 ? sum / (float)count : 0.0f;
}
