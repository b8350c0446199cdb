/* SPDX-License-Identifier: Apache-2.0 */
struct base {
	int kind;
};

struct valve {
	struct base base;
	int open;
};

int valve_open(struct base *b)
{
	struct valve *v = (struct valve *)b;

	return b->kind == 2 ? v->open : 0;
}
