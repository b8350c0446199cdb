/* SPDX-License-Identifier: Apache-2.0 */
struct pump {
	int rate;
	int limit;
};

int rate_of(void)
{
	struct pump p = {10, 20};
	struct pump *s = &p;

	return s->rate + s->limit;
}
