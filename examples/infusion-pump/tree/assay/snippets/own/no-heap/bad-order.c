/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>

struct order {
	uint64_t dose, volume_nl;
};

struct order *order_new(uint64_t dose);

struct order *order_new(uint64_t dose)
{
	struct order *o = calloc(1, sizeof *o); /* fault */
	if (o != NULL)
		o->dose = dose;
	return o;
}
