/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>

int letters(char *out, int count, ...)
{
	va_list args;

	va_start(args, count);
	for (int i = 0; i < count; i++)
		out[i] = (char)va_arg(args, int);
	va_end(args);
	return count;
}
