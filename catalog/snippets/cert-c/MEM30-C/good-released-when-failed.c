/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

int kind_of(const unsigned char *in, size_t len, unsigned char *ret_kind)
{
	unsigned char *copy = malloc(len + 1);
	int failed = 0;

	if (copy == NULL)
		return -1;
	memcpy(copy, in, len);
	if (len < 8 || copy[0] != 0x55)
		failed = 1;
	if (failed)
		free(copy);
	if (!failed) {
		*ret_kind = copy[1];
		free(copy);
	}
	return failed;
}
