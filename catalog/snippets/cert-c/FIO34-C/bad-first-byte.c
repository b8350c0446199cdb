/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int menu(void)
{
	char choice = getchar(); /* fault */

	if (choice == EOF) /* fault */
		return -1;
	return choice;
}
