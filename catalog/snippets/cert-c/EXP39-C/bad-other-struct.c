/* SPDX-License-Identifier: Apache-2.0 */
struct pump {
	int rate;
	int limit;
};

struct syringe {
	int rate;
	float size;
};

int rate_of(void)
{
	struct pump p = {10, 20};
	struct syringe *s = (struct syringe *)&p; /* fault */

	return s->rate + (int)s->size;
}
