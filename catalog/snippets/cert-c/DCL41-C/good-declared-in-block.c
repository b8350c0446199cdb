/* SPDX-License-Identifier: Apache-2.0 */
int weight(int kind)
{
	switch (kind) {
	case 1: {
		int base = 4;

		return base * kind;
	}
	default:
		return 0;
	}
}
