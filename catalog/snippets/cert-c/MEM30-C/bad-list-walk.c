/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

struct alarm {
	int code;
	struct alarm *next;
};

void alarms_clear(struct alarm *head)
{
	for (struct alarm *a = head; a != NULL; a = a->next) /* fault */
		free(a);
}
