/* SPDX-License-Identifier: Apache-2.0 */
double minutes(int seconds)
{
	double exact = seconds;

	return exact / 60.0;
}
