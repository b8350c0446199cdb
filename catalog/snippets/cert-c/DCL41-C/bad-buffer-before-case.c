/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

void frame_show(int kind, const char *body)
{
	switch (kind) {
		char text[16] = "frame "; /* fault */
	case 1:
		strncat(text, body, 8);
		puts(text);
		break;
	case 2:
		puts(text);
		break;
	}
}
