/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>

void
use_comma(void)
{
	struct lconv *conv = localeconv();
	if (conv->decimal_point[0] == '\0')
		conv->decimal_point = ","; /* fault */
}
