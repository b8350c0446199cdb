/* SPDX-License-Identifier: Apache-2.0 */
enum state { IDLE, RUNNING, STOPPED };

int may_start(enum state state, int door)
{
	if (state == STOPPED)
		return 0;
	return door == 0;
}
