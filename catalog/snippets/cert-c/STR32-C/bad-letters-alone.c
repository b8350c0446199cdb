/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

size_t tag_length(void)
{
	char tag[4] = {'P', 'U', 'M', 'P'};

	return strlen(tag); /* fault */
}
