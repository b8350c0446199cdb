/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

int malloc(int size); /* fault */

int zero_block(int n)
{
	return malloc(n) != 0;
}
