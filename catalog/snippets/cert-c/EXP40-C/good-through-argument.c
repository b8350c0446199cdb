/* SPDX-License-Identifier: Apache-2.0 */
struct profile {
	int rate;
	int volume;
};

static const struct profile standard = {40, 500};

static void rate_set(struct profile *p, int rate)
{
	p->rate = rate;
}

void standard_derive(struct profile *p, int rate)
{
	*p = standard;
	rate_set(p, rate);
}
