/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>

int
save(jmp_buf env)
{
	int (*jump)(jmp_buf) = setjmp; /* fault */
	return jump(env);
}
