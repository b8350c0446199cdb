/* SPDX-License-Identifier: Apache-2.0 */
int class_limit(int class)
{
	switch (class) {
	case 0:
		return 20;
	case 1:
		return 60;
	}
} /* fault */
