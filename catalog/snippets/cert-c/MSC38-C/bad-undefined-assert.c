/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#undef va_end /* fault */

int
first(int count, ...)
{
	va_list list;
	va_start(list, count);
	int value = va_arg(list, int);
	return value;
}
