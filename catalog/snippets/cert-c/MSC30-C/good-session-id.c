/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <sys/random.h>

int session_id(unsigned *ret_id)
{
	return getrandom(ret_id, sizeof *ret_id, 0) == (ssize_t)sizeof *ret_id ? 0 : -1;
}
