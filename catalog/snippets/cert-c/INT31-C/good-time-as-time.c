/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>

static time_t last_contact;

void contact_note(void)
{
	last_contact = time(NULL);
}

time_t contact_last(void)
{
	return last_contact;
}
