/* SPDX-License-Identifier: Apache-2.0 */
#define FAULT 0x04u

int is_fault(unsigned status)
{
	return (status & FAULT) == FAULT;
}
