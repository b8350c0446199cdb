/* SPDX-License-Identifier: Apache-2.0 */
typedef void (*handler)(int code, void *context);

static int on_alarm(void *context)
{
	return *(int *)context;
}

static handler current;

void handler_set(void)
{
	current = (handler)on_alarm; /* fault */
}

void handler_run(int code, void *context)
{
	current(code, context);
}
