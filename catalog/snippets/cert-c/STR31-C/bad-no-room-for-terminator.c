/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

struct label {
	char text[8];
};

void label_default(struct label *l)
{
	char text[8];

	strcpy(text, "standard"); /* fault */
	memcpy(l->text, text, sizeof text);
}
