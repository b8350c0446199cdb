/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

int64_t seconds_of(int days)
{
	if (days < 0 || days > 24000)
		return -1;
	return (int64_t)days * 86400;
}
