/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

size_t step(int *at)
{
	return sizeof(*at++); /* fault */
}
