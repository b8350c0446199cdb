/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

struct callback {
	void (*run)(const void *context);
	const void *context;
};

void callback_set(struct callback *cb, void (*run)(const void *), const char *name)
{
	cb->run = run;
	cb->context = name;
}
