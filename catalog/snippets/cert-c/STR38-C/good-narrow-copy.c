/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

void caption_set(char out[32], const char *name)
{
	strncpy(out, name, 31);
	out[31] = '\0';
}
