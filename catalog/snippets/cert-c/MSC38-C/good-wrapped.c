/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

typedef void (*handler)(int);

static void
check(int value)
{
	assert(value);
}

handler
choose(void)
{
	return check;
}
