/* SPDX-License-Identifier: Apache-2.0 */
int is_start(const char *frame)
{
	unsigned char start = 0xca;
	unsigned char first = (unsigned char)*frame;

	if (first == start)
		return 1;
	return 0;
}
