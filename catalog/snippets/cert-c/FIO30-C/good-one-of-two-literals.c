/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

void rate_print(int rate, int short_form)
{
	printf(short_form ? "%d\n" : "rate %d ml/h\n", rate);
}
