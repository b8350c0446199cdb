/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <syslog.h>

static void alarm_note(int number)
{
	syslog(LOG_ERR, "signal %d", number); /* fault */
}

static void on_alarm(int number)
{
	alarm_note(number);
}

int watch(void)
{
	struct sigaction sa = {.sa_handler = SIG_DFL};

	if (sigaction(SIGHUP, &sa, NULL) != 0)
		return -1;
	return signal(SIGALRM, on_alarm) == SIG_ERR ? -1 : 0;
}
