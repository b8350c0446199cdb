/* SPDX-License-Identifier: Apache-2.0 */
unsigned sequence(unsigned seq)
{
	seq = seq++ & 0x0fu; /* fault */
	return seq;
}
