/* SPDX-License-Identifier: Apache-2.0 */
#define LETTER(digits) \u04 ## digits /* fault */

int
none(void)
{
	return 0;
}
