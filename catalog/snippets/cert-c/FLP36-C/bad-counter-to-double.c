/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

static double share(double part, double whole)
{
	return whole > 0.0 ? part / whole : 0.0;
}

double lost(uint64_t lost_frames, uint64_t all_frames)
{
	return share(lost_frames, all_frames); /* fault */
}
