/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

int
last(void)
{
	const int saved = errno;
	return saved;
}
