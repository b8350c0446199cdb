/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>
#include <syslog.h>

void request_refuse(const char *peer, const char *request)
{
	char text[200];

	snprintf(text, sizeof text, "refused %s: %s", peer, request);
	syslog(LOG_WARNING, text); /* fault */
}
