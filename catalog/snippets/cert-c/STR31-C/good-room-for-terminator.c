/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

struct label {
	char text[9];
};

void label_default(struct label *l)
{
	char text[9] = "standard";

	memcpy(l->text, text, sizeof text);
}
