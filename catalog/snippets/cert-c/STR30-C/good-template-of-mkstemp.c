/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdlib.h>

int scratch_open(void)
{
	char name[] = "/tmp/pump-XXXXXX";

	return mkstemp(name);
}
