/* SPDX-License-Identifier: Apache-2.0 */
#define IS_DIGIT(c) ((c) >= '0' && (c) <= '9')

int digits(const char *text)
{
	int n = 0;

	while (IS_DIGIT(*text++)) /* fault */
		n++;
	return n;
}
