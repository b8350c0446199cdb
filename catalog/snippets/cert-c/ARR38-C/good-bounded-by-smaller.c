/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

struct label {
	char text[12];
	unsigned length;
};

void label_set(struct label *l, const char *from, size_t len)
{
	if (len > sizeof l->text)
		len = sizeof l->text;
	memcpy(l->text, from, len);
	memset(l->text + len, 0, sizeof l->text - len);
	l->length = (unsigned)len;
}
