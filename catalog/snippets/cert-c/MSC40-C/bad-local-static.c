/* SPDX-License-Identifier: Apache-2.0 */
inline int next_id(void)
{
	static int id; /* fault */

	return ++id;
}

extern int id_now;
