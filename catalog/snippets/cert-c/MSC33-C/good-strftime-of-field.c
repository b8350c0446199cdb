/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>

struct visit {
	struct tm begin;
	char text[32];
};

int visit_text(struct visit *v, int year)
{
	v->begin.tm_year = year - 1900;
	return strftime(v->text, sizeof v->text, "%F %T", &v->begin) == 0 ? -1 : 0;
}
