/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

int packet_copy(const unsigned char *in, size_t len, unsigned char **ret_copy)
{
	unsigned char *copy = malloc(len);

	if (copy == NULL)
		return -1;
	memcpy(copy, in, len);
	if (len < 4 || copy[0] != 0x55)
		return -2; /* fault */
	*ret_copy = copy;
	return 0;
}
