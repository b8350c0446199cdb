/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

static char message[64];
static char limit;

ptrdiff_t room(void)
{
	char *next = message + 4;
	char *end = &limit;

	return end - next; /* fault */
}
