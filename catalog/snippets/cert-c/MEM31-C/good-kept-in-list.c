/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

struct event {
	int code;
	struct event *next;
};

static struct event *events;

int event_add(int code)
{
	struct event *e = malloc(sizeof *e);

	if (e == NULL)
		return -1;
	e->code = code;
	e->next = events;
	events = e;
	return 0;
}
