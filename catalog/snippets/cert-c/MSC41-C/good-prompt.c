/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

static const char password_prompt[] = "Password: ";

int
ask(const char *password)
{
	puts(password_prompt);
	return strcmp(password, "") == 0;
}
