/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <time.h>

struct visit {
	struct tm begin;
	char text[32];
};

void visit_text(struct visit *v, int year)
{
	const char *text;

	v->begin.tm_year = year - 1900;
	text = asctime(&v->begin); /* fault */
	memcpy(v->text, text, 25);
	v->text[25] = '\0';
}
