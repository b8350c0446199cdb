/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks that report faults of several rules, told apart by what they say.
 */
#include <base/buf.h>
#include <base/cleanup.h>
#include <sca/report.h>
#include <sca/plan.h>
#include <string.h>

/* More than a line of words is no message that is known. */
#define MESSAGE_MAX 1000
#define WORDS_MAX 12
#define LISTED_MAX 400

/* Of one check in this order: a report is of the first part of which it holds words. */
static const struct part {
	const char *engine, *check, *part;
	const char *words[WORDS_MAX];
} parts[] = {
	/* clang-19, MallocChecker */
	{ "clang", "unix.Malloc", "leak", { "Potential leak of memory", "Potential memory leak" } },
	{ "clang", "unix.Malloc", "use-after-free", { "Use of memory after it is" } },
	{ "clang", "unix.Malloc", "double-free", { "Attempt to free released", "Attempt to free non-owned" } },
	{ "clang", "unix.Malloc", "not-allocated", { "Argument to ", "Memory allocated by alloca()" } },
	/* clang-19, ArrayBoundCheckerV2: what holds one element is no array. */
	{ "clang", "alpha.security.ArrayBoundV2", "single", { "holds only a single " } },
	{ "clang", "alpha.security.ArrayBoundV2", "array", { "Access of ", "Out of bound access", "Potential out of bound access" } },
	/* clang-tidy-19: to integers it warns of signed ones alone, and says so. */
	{ "clang-tidy", "bugprone-narrowing-conversions", "integer", { "' to signed type '" } },
	{ "clang-tidy", "bugprone-narrowing-conversions", "from-floating", { "from 'float'", "from 'double'", "from 'long double'",
	    "from constant 'float'", "from constant 'double'", "from constant 'long double'" } },
	{ "clang-tidy", "bugprone-narrowing-conversions", "to-floating", { "to 'float'", "to 'double'", "to 'long double'" } },
	/* gcc 12 and 13 */
	{ "gcc", "-Wconversion", "to-floating", { "to 'float'", "to 'double'", "to 'long double'" } },
	{ "gcc", "-Wconversion", "integer", { "to 'char'", "to 'signed char'", "to 'unsigned char'", "to 'short int'", "to 'short unsigned int'",
	    "to 'int'", "to 'unsigned int'", "to 'long int'", "to 'long unsigned int'", "to 'long long int'", "to 'long long unsigned int'" } },
};

#define PARTS (sizeof parts / sizeof parts[0])

static bool
is_of(const struct part *p, const struct plan_check *check)
{
	return strcmp(p->engine, check->engine) == 0 && strcmp(p->check, check->name) == 0;
}

/*
 * The message with types by what they are: "to 'dose_t' {aka 'float'}" and "to 'dose_t' (aka 'float')" become "to 'float'", and
 * "to 'int:3'" becomes "to 'int'". "" for one that is too long.
 */
static void
name_types(const char *message, char ret_text[MESSAGE_MAX])
{
	size_t len = 0, open = 0;
	bool quoted = false, again = false;
	for (const char *p = message; *p != '\0' && len < MESSAGE_MAX; p++) {
		if (quoted && (strncmp(p, "' {aka '", 8) == 0 || strncmp(p, "' (aka '", 8) == 0)) {
			len = open;
			p += 7;
			again = true;
			continue;
		}
		if (quoted && *p == ':')
			p += strspn(p, ":0123456789");
		ret_text[len++] = *p;
		if (*p == '\0')
			break;
		if (*p != '\'')
			continue;
		quoted = !quoted;
		open = len;
		if (again && !quoted)
			p += p[1] == '}' || p[1] == ')';
		again &= quoted;
	}
	ret_text[len < MESSAGE_MAX ? len : 0] = '\0';
}

static bool
says(const struct part *p, const char *message)
{
	for (size_t i = 0; i < WORDS_MAX && p->words[i] != NULL; i++)
		if (strstr(message, p->words[i]) != NULL)
			return true;
	return false;
}

bool
plan_check_has_part(const struct plan_check *check, struct arena *arena, const char **ret_parts)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(LISTED_MAX);
	bool has = false;
	for (size_t i = 0; i < PARTS; i++) {
		if (!is_of(&parts[i], check))
			continue;
		has |= strcmp(parts[i].part, check->part) == 0;
		buf_addf(&all, "%s%s", buf_str(&all)[0] == '\0' ? "" : ", ", parts[i].part);
	}
	*ret_parts = arena_str(arena, buf_str(&all));
	return has;
}

bool
plan_check_reports(const struct plan_check *check, const char *engine, const char *reported, const char *message)
{
	if (strcmp(check->engine, engine) != 0 || !sca_check_is(check->name, reported))
		return false;
	if (check->part == NULL)
		return true;
	char text[MESSAGE_MAX];
	name_types(message, text);
	for (size_t i = 0; i < PARTS; i++)
		if (is_of(&parts[i], check) && says(&parts[i], text))
			return strcmp(parts[i].part, check->part) == 0;
	/* Words that no version was known to say: no rule may lose them. */
	return true;
}
