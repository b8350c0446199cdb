/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>

int first_and_last(int count, ...)
{
	va_list args;
	int first;
	int last;

	va_start(args, count);
	first = va_arg(args, int);
	last = va_arg(args, int);
	va_end(args);
	return first + last;
}
