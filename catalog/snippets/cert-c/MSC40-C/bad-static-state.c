/* SPDX-License-Identifier: Apache-2.0 */
static int calls;

inline int call_count(void)
{
	return ++calls; /* fault */
}
