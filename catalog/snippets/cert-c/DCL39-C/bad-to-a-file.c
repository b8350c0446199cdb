/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>

struct entry {
	uint8_t tag;
	uint64_t stamp;
};

size_t
store(FILE *out, uint64_t stamp)
{
	struct entry e = { .tag = 1, .stamp = stamp };
	return fwrite(&e, sizeof e, 1, out); /* fault */
}
