/* SPDX-License-Identifier: Apache-2.0 */
#include <threads.h>

static mtx_t a, b;

void
forward(void)
{
	mtx_lock(&a);
	mtx_lock(&b);
	mtx_unlock(&b);
	mtx_unlock(&a);
}

void
again(void)
{
	mtx_lock(&a);
	mtx_lock(&b);
	mtx_unlock(&b);
	mtx_unlock(&a);
}
