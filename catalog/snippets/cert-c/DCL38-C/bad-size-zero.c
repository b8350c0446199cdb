/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

struct text {
	size_t length;
	char bytes[0]; /* fault */
};

char
first(const struct text *t)
{
	return t->length > 0 ? t->bytes[0] : 'x';
}
