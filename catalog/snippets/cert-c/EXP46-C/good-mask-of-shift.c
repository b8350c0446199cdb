/* SPDX-License-Identifier: Apache-2.0 */
int enabled(unsigned mask, unsigned channel, int strict)
{
	if ((mask & (1u << (channel & 7u))) != 0 && !strict)
		return 1;
	return (mask & 0x80u) ? 2 : 0;
}
