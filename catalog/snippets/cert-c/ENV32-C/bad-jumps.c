/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdlib.h>

static jmp_buf env;

static void
leave(void)
{
	longjmp(env, 1); /* fault */
}

static void
clean(void)
{
	leave();
}

int
main(void)
{
	if (atexit(clean) != 0)
		return 1;
	return setjmp(env) != 0;
}
