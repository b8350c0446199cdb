/* SPDX-License-Identifier: Apache-2.0 */
int CANARY_use()
{
	int *CANARY_item = new int(1);
	delete CANARY_item;
	return *CANARY_item; /* fault */
}
