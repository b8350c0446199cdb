/* SPDX-License-Identifier: Apache-2.0 */
extern int errno; /* fault */

int
last(void)
{
	return errno;
}
