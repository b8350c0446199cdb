/* SPDX-License-Identifier: Apache-2.0 */
const char *
key_text(void)
{
	return "-----BEGIN EC PRIVATE KEY-----\n" /* fault */
	       "MHcCAQEEIA\n"
	       "-----END EC PRIVATE KEY-----\n";
}
