/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

static char last_error[24];

void error_set(int code)
{
	strcpy(last_error, code == 0 ? "no error" : "sensor lost");
}

const char *error_get(void)
{
	return last_error;
}
