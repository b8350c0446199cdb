/* SPDX-License-Identifier: Apache-2.0 */
int motor_step(); /* fault */

int motor_home(void)
{
	return motor_step(1, 2.5);
}
