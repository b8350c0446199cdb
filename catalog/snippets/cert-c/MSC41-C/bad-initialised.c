/* SPDX-License-Identifier: Apache-2.0 */
int log_in(const char *user, const char *password);

int
connect_service(void)
{
	static const char service_password[] = "hunter2hunter2"; /* fault */
	return log_in("service", service_password);
}
