/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

unsigned session_id(void)
{
	return (unsigned)rand(); /* fault */
}
