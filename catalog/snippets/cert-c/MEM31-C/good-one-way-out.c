/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

int table_check(const unsigned char *in, size_t len)
{
	int status = -1;
	unsigned char *copy = malloc(len + 1);
	unsigned char *sorted = NULL;

	if (copy == NULL)
		goto out;
	memcpy(copy, in, len);
	sorted = malloc(len + 1);
	if (sorted == NULL)
		goto out;
	memcpy(sorted, copy, len);
	status = len > 0 && sorted[0] == copy[0];
out:
	free(sorted);
	free(copy);
	return status;
}
