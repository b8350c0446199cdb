/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

struct session {
	int fd;
	unsigned sent;
};

void session_report(const struct session *s)
{
	if (s == NULL) {
		fprintf(stderr, "no session\n");
		return;
	}
	printf("%u bytes sent\n", s->sent);
}
