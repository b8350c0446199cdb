/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	char device[16];

	if (argc != 2)
		return 1;
	strcpy(device, argv[1]); /* fault */
	printf("device %s\n", device);
	return 0;
}
