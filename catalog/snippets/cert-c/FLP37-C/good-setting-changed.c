/* SPDX-License-Identifier: Apache-2.0 */
struct setting {
	double rate;
	double limit;
};

int setting_changed(const struct setting *now, const struct setting *before)
{
	return now->rate < before->rate || now->rate > before->rate || now->limit < before->limit ||
	       now->limit > before->limit;
}
