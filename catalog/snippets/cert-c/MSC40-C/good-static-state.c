/* SPDX-License-Identifier: Apache-2.0 */
static int calls;

static inline int call_count(void)
{
	return ++calls;
}

int call_count_now(void)
{
	return call_count();
}
