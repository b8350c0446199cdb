/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

void tokens_start(void)
{
	srand(1234); /* fault */
}

long token_next(void)
{
	return rand();
}
