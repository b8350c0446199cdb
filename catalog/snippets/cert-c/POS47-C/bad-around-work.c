/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>

long checksum(const unsigned char *block, long n)
{
	long sum = 0;
	int type;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type); /* fault */
	for (long i = 0; i < n; i++)
		sum += block[i];
	pthread_setcanceltype(type, NULL);
	return sum;
}
