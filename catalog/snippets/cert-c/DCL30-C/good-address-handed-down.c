/* SPDX-License-Identifier: Apache-2.0 */
static int *current;

static int half(void)
{
	return current == 0 ? 0 : *current / 2;
}

int run(int level)
{
	int local = level;
	int result;

	current = &local;
	result = half();
	current = 0;
	return result;
}
