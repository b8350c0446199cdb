/* SPDX-License-Identifier: Apache-2.0 */
unsigned sequence(unsigned seq)
{
	seq = (seq + 1) & 0x0fu;
	return seq;
}
