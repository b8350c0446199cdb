/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>

double mean(int count, ...)
{
	va_list args;
	double sum = 0.0;

	va_start(args, count);
	for (int i = 0; i < count; i++)
		sum += va_arg(args, double);
	va_end(args);
	return count > 0 ? sum / count : 0.0;
}
