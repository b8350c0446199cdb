/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

int valve_ready(int valve)
{
	return valve_state(valve) == 2; /* fault */
}
