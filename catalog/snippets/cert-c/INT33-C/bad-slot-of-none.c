/* SPDX-License-Identifier: Apache-2.0 */
static unsigned slots_of(int kind)
{
	switch (kind) {
	case 1:
		return 8;
	case 2:
		return 32;
	default:
		return 0;
	}
}

unsigned slot(int kind, unsigned key)
{
	unsigned slots = slots_of(kind);

	return key % slots; /* fault */
}
