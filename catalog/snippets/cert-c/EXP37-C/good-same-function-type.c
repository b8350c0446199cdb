/* SPDX-License-Identifier: Apache-2.0 */
typedef void (*handler)(int code, void *context);

static void on_alarm(int code, void *context)
{
	*(int *)context = code;
}

static handler current;

void handler_set(void)
{
	current = on_alarm;
}

void handler_run(int code, void *context)
{
	current(code, context);
}
