/* SPDX-License-Identifier: Apache-2.0 */
struct input {
	const char *at;
	const char *end;
};

int input_next(struct input *in)
{
	int c;

	if (in->at == in->end)
		return -1;
	c = (unsigned char)*in->at;
	in->at++;
	return c;
}
