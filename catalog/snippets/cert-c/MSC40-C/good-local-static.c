/* SPDX-License-Identifier: Apache-2.0 */
static inline int next_id(void)
{
	static int id;

	return ++id;
}

int id_new(void)
{
	return next_id();
}
