/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

int16_t scale(float celsius)
{
	float scaled = celsius * 100.0f;

	if (!(scaled >= -32768.0f && scaled <= 32767.0f))
		return 0;
	return (int16_t)scaled;
}
