/* SPDX-License-Identifier: Apache-2.0 */
int is_start(const char *frame)
{
	unsigned char start = 0xca;
	char first = *frame;

	if (first == start) /* fault */
		return 1;
	return 0;
}
