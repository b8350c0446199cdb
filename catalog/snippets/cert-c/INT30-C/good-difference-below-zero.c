/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

int trailer_at(const unsigned char *frame, size_t len, size_t trailer)
{
	if (trailer == 0 || len < trailer)
		return -1;
	return frame[len - trailer];
}
