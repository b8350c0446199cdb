/* SPDX-License-Identifier: Apache-2.0 */
#include <seal/classify.h>

#include <string.h>

#define ROW(id, group_, name_) { .name = (name_), .group = SEAL_GROUP_##group_ },
const struct seal_kind_row seal_kinds[SEAL_KIND_COUNT] = { SEAL_KINDS(ROW) };

const char *
seal_group_name(enum seal_group group)
{
	static const char *const names[SEAL_GROUPS] = { "code", "firmware", "container", "starts", "access", "key", "configuration",
		"device", "data" };
	return names[group];
}

enum seal_kind
seal_kind_find(const char *name)
{
	for (unsigned i = 0; i < SEAL_KIND_COUNT; i++) {
		if (strcmp(seal_kinds[i].name, name) == 0)
			return (enum seal_kind)i;
	}
	return SEAL_KIND_COUNT;
}

const char *
seal_known_name(enum seal_known known)
{
	static const char *const names[] = { "no", "by place", "by bytes", "not wholly seen", "truncated", "contradictory" };
	return names[known];
}

#define MARK(id, code) (code),
const char *
seal_mark_name(enum seal_mark mark)
{
	static const char *const names[SEAL_MARK_COUNT] = { SEAL_MARKS(MARK) };
	return names[mark];
}

bool
seal_is(const struct seal_looked *looked, enum seal_group group)
{
	for (unsigned i = 0; i < SEAL_KIND_COUNT; i++) {
		if (looked->kinds[i] != SEAL_NOT && seal_kinds[i].group == group)
			return true;
	}
	return false;
}

bool
seal_relevant(const struct seal_looked *looked)
{
	for (unsigned i = 0; i < SEAL_KIND_COUNT; i++) {
		if (looked->kinds[i] != SEAL_NOT && seal_kinds[i].group != SEAL_GROUP_DATA)
			return true;
	}
	return false;
}

enum seal_kind
seal_main_kind(const struct seal_looked *looked)
{
	/* The table begins with what matters and ends with data, which every entry is when it is nothing else. */
	for (unsigned i = 0; i < SEAL_KIND_COUNT; i++) {
		if (looked->kinds[i] != SEAL_NOT)
			return (enum seal_kind)i;
	}
	return SEAL_DATA;
}
