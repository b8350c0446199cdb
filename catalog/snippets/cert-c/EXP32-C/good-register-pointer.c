/* SPDX-License-Identifier: Apache-2.0 */
static volatile unsigned status;

unsigned status_wait(void)
{
	volatile unsigned *p = &status;

	while (*p == 0)
		;
	return *p;
}
