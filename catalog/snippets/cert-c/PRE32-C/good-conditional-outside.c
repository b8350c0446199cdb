/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#define REPORT(out, text, value) fprintf(out, "%s: %d\n", text, value)

#ifdef RELEASE
#define VERSION 1
#else
#define VERSION 0
#endif

void version_report(FILE *out)
{
	REPORT(out, "version", VERSION);
}
