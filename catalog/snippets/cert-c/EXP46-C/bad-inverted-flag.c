/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>

bool toggled(int count)
{
	bool on = count > 3;

	return ~on; /* fault */
}
