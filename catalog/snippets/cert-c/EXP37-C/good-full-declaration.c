/* SPDX-License-Identifier: Apache-2.0 */
int motor_step(int direction, double angle);

int motor_home(void)
{
	return motor_step(1, 2.5);
}
