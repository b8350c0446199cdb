/* SPDX-License-Identifier: Apache-2.0 */
int drain(int *level, int limit)
{
	int steps = 0;

	while (*level == limit) {
		limit--;
		steps++;
	}
	return steps;
}
