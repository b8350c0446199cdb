/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

size_t tag_length(void)
{
	char tag[5] = {'P', 'U', 'M', 'P', '\0'};

	return strlen(tag);
}
