/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

int
CANARY_read(int CANARY_choice)
{
	int CANARY_here = 3;
	int *CANARY_value = &CANARY_here;
	if (CANARY_choice == 0)
		return 0;
	return *CANARY_value;
}
