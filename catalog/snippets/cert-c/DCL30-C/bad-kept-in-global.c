/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

static const char *last_error;

void error_set(int code)
{
	char text[24];

	strcpy(text, code == 0 ? "no error" : "sensor lost");
	last_error = text;
} /* fault */

const char *error_get(void)
{
	return last_error;
}
