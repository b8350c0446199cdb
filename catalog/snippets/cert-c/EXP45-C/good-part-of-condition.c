/* SPDX-License-Identifier: Apache-2.0 */
int alarm_due(int pressure, int limit, int muted)
{
	if (pressure > limit && muted == 0)
		return 1;
	return 0;
}
