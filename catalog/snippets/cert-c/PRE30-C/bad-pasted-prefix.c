/* SPDX-License-Identifier: Apache-2.0 */
#define GREEK(code) \u ## code /* fault */

int
none(void)
{
	return 0;
}
