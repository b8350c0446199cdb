/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#define REPORT(out, text, value) fprintf(out, "%s: %d\n", text, value)

void version_report(FILE *out)
{
	REPORT(out, "version",
#ifdef RELEASE /* fault */
	       1
#else
	       0
#endif
	);
}
