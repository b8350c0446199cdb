/* SPDX-License-Identifier: Apache-2.0 */
struct entry {
	char kind;
	int value;
};

int entries_equal(const struct entry *a, const struct entry *b)
{
	return a->kind == b->kind && a->value == b->value;
}
