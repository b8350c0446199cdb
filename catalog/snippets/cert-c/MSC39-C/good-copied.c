/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>

void trace(FILE *copy, const char *format, ...)
{
	va_list args;
	va_list again;

	va_start(args, format);
	va_copy(again, args);
	vfprintf(stderr, format, args);
	va_end(args);
	vfprintf(copy, format, again);
	va_end(again);
}
