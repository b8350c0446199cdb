/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>

static int last_contact;

void contact_note(void)
{
	last_contact = time(NULL); /* fault */
}

int contact_last(void)
{
	return last_contact;
}
