/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

struct callback {
	void (*run)(int context);
	int context;
};

void callback_set(struct callback *cb, void (*run)(int), const char *name)
{
	cb->run = run;
	cb->context = name; /* fault */
}
