/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

char *line_read(FILE *f)
{
	size_t room = 16;
	size_t used = 0;
	char *line = malloc(room);
	int c;

	while (line != NULL && (c = fgetc(f)) != EOF && c != '\n') {
		if (used + 1 == room) {
			char *larger = realloc(line, room * 2);

			if (larger == NULL) {
				free(line);
				return NULL;
			}
			line = larger;
			room *= 2;
		}
		line[used++] = (char)c;
	}
	if (line != NULL)
		line[used] = '\0';
	return line;
}
