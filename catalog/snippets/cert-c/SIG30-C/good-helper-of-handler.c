/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <syslog.h>

static volatile sig_atomic_t pending;

static void alarm_note(int number)
{
	pending = number;
}

static void on_alarm(int number)
{
	alarm_note(number);
}

int watch(void)
{
	if (pending != 0)
		syslog(LOG_ERR, "signal %d", (int)pending);
	return signal(SIGALRM, on_alarm) == SIG_ERR ? -1 : 0;
}
