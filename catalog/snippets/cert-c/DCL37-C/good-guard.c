/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PUMP_H
#define PUMP_H

struct pump {
	int rate;
};

int pump_start(struct pump *p);

#endif
