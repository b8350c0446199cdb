/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <syslog.h>

void request_refuse(const char *peer, const char *request)
{
	syslog(LOG_WARNING, "refused %s: %s", peer, request);
}
