/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

int trailer_at(const unsigned char *frame, size_t len, size_t trailer)
{
	if (len - trailer < 0) /* fault */
		return -1;
	return frame[len - trailer];
}
