/* SPDX-License-Identifier: Apache-2.0 */
long retention_seconds(void)
{
	long seconds = 365L * 24 * 3600 * 100;

	return seconds;
}
