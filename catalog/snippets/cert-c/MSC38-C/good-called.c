/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

void
verify(int value)
{
	assert(value > 0);
}
