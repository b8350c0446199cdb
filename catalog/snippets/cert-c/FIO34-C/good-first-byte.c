/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int menu(void)
{
	int choice = getchar();

	if (choice == EOF)
		return -1;
	return choice;
}
