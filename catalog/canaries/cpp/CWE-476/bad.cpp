/* SPDX-License-Identifier: Apache-2.0 */
struct CANARY_item {
	int value;
};

int CANARY_read(bool CANARY_choice)
{
	CANARY_item *CANARY_found = nullptr;
	if (CANARY_choice)
		return 0;
	return CANARY_found->value; /* fault */
}
