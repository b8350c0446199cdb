/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

void frame_show(int kind, const char *body)
{
	char text[16] = "frame ";

	switch (kind) {
	case 1:
		strncat(text, body, 8);
		puts(text);
		break;
	case 2:
		puts(text);
		break;
	}
}
