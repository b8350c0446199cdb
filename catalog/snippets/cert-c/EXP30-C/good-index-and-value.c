/* SPDX-License-Identifier: Apache-2.0 */
void history_add(int *history, int head, const int *in)
{
	history[head] = in[head];
	head++;
	history[head] = 0;
}
