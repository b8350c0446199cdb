/* SPDX-License-Identifier: Apache-2.0 */
int valve_state(int valve);

int valve_ready(int valve)
{
	return valve_state(valve) == 2;
}
