/* SPDX-License-Identifier: Apache-2.0 */
/* Twenty places, each behind a comment that names it. Nobody compiles this. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUND(x) /*@macro PRE01-C*/ ((x) + 500 / 1000)

struct dose {
	unsigned rate; /* in ml an hour */
	char name[16];
};

static const struct dose table[] = {
	{ 10, "slow" },
	{ /*@table INT02-C*/ 4294967296, "fast" },
};

static int
read_rate(const char *text, struct dose *dose)
{
	char copy[16];
	/*@copy STR31-C*/ strcpy(copy, text);
	if (/*@condition EXP34-C*/ dose->rate > 100)
		return -1;
	dose->rate = (unsigned)/*@atoi ERR34-C*/ atoi(copy);
	/*@twice-1 FIO47-C*/ printf(text);
	dose->rate++;
	/*@twice-2 FIO47-C*/ printf(text);
	return 0;
}

static void
start(struct dose *dose)
{
	char *log = /*@malloc MEM35-C*/ malloc(dose->rate * 4);
	for (unsigned i = 0; /*@loop INT30-C*/ i < dose->rate - 1; i++)
		log[i] = 'x';
	switch (dose->rate) {
	case 10:
		/*@case STR31-C*/ strcpy(log, dose->name);
		break;
	default:
		strcat(log, dose->name);
	}
	if (dose->rate > 50)
		/*@single FIO47-C*/ printf(dose->name);
	else
		/*@other FIO47-C*/ fprintf(stderr, dose->name);
	/*@leak MEM31-C*/ return;
}

static void
stop(struct dose *dose, const char *text)
{
	char copy[16];
	/*@copy-again STR31-C*/ strcpy(copy, text);
	snprintf(dose->name, sizeof dose->name, /*@format FIO30-C*/ text,
	    dose->rate,
	    copy);
	while (dose->rate > 0) {
		dose->rate -= /*@wrap INT30-C*/ 7;
	}
	free(dose);
	/*@free MEM30-C*/ free(dose);
	do {
		/*@use MEM30-C*/ dose->rate = 0;
	} while (/*@do EXP34-C*/ dose->rate);
}

int
main(int argc, char **argv)
{
	struct dose *dose = malloc(sizeof *dose);
	if (argc > 1 && read_rate(argv[1], dose) == 0) {
		start(dose);
		stop(dose, argv[2]);
	}
	/*@end MEM31-C*/ return 0;
}
