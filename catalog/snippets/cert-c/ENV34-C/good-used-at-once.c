/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

int in_test_mode(void)
{
	const char *mode = getenv("PUMP_MODE");
	int testing = mode != NULL && strcmp(mode, "test") == 0;
	const char *level = getenv("PUMP_LEVEL");

	return testing && level != NULL && level[0] == '1';
}
