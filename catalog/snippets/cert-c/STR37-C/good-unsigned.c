/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>

int
is_sign(unsigned char c)
{
	return !isalnum(c);
}
