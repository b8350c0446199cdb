/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

struct name {
	char text[16];
};

struct name
get_name(void)
{
	struct name n = { "anna" };
	return n;
}

void
greet(void)
{
	const struct name n = get_name();
	printf("%s\n", n.text);
}
