/* SPDX-License-Identifier: Apache-2.0 */
static volatile unsigned status;

unsigned status_wait(void)
{
	unsigned *p = &status; /* fault */

	while (*p == 0)
		;
	return *p;
}
