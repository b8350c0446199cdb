/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	char device[16];

	if (argc != 2 || strlen(argv[1]) >= sizeof device)
		return 1;
	memcpy(device, argv[1], strlen(argv[1]) + 1);
	printf("device %s\n", device);
	return 0;
}
