/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

int port_of(const char *text)
{
	int port = atoi(text); /* fault */

	return port > 0 && port < 65536 ? port : -1;
}
