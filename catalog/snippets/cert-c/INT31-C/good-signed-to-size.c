/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

int payload_copy(char *out, const char *in, int announced)
{
	if (announced < 0 || announced > 64)
		return -1;
	memcpy(out, in, (size_t)announced);
	return 0;
}
