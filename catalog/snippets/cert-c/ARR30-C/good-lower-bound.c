/* SPDX-License-Identifier: Apache-2.0 */
static int history[60];

int history_at(int minutes_ago)
{
	if (minutes_ago >= 60)
		return -1;
	if (minutes_ago < 0)
		return -1;
	return history[minutes_ago];
}
