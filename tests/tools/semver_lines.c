/* SPDX-License-Identifier: Apache-2.0 */
/* semver-lines: for each line "VERSION TAB RANGE" of standard input one of "0", "1", "2" (no, yes, unknown). */
#include "../../src/dep/semver.h"

#include <stdio.h>
#include <string.h>

int
main(void)
{
	char line[2048];
	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		char *tab = strchr(line, '\t');
		if (tab == NULL)
			return 2;
		*tab = '\0';
		(void)printf("%d\n", (int)semver_satisfies(line, tab + 1));
	}
	return 0;
}
