/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

struct alarm {
	int code;
	struct alarm *next;
};

void alarms_clear(struct alarm *head)
{
	struct alarm *next;

	for (struct alarm *a = head; a != NULL; a = next) {
		next = a->next;
		free(a);
	}
}
