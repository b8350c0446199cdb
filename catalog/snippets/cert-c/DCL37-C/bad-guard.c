/* SPDX-License-Identifier: Apache-2.0 */
#ifndef _PUMP_H_
#define _PUMP_H_ /* fault */

struct pump {
	int rate;
};

int pump_start(struct pump *p);

#endif
