/* SPDX-License-Identifier: Apache-2.0 */
static int classes[256];

int class_of(const char *text)
{
	return classes[(unsigned char)text[0]];
}
