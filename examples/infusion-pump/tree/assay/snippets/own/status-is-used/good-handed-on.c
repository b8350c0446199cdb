/* SPDX-License-Identifier: Apache-2.0 */
enum pump_status { PUMP_OK, PUMP_E_RANGE };

__attribute__((warn_unused_result)) enum pump_status motor_set(unsigned steps);
enum pump_status stop(void);

enum pump_status stop(void)
{
	return motor_set(0);
}
