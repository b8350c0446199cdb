/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

struct entry {
	char kind;
	int value;
};

int entries_equal(const struct entry *a, const struct entry *b)
{
	return memcmp(a, b, sizeof *a) == 0; /* fault */
}
