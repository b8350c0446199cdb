/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

int
to_begin(FILE *f)
{
	fpos_t offset;
	memset(&offset, 0, sizeof offset);
	return fsetpos(f, &offset); /* fault */
}
