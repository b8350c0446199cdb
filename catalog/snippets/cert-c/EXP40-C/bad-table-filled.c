/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

static const unsigned char key[16];

void key_set(const unsigned char *from)
{
	memcpy(key, from, sizeof key); /* fault */
}
