/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdlib.h>

void nonce_fill(unsigned char *nonce, size_t len)
{
	for (size_t i = 0; i < len; i++)
		nonce[i] = (unsigned char)(rand() >> 7); /* fault */
}
