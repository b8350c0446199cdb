/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a file holds, each suppression lies in it, and taking one out leaves every line where it was. */
#include <code/suppress.h>

#include <base/cleanup.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(struct assay_span bytes, const struct suppression *s)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(bytes.len + 1);
	if (s->at > bytes.len || s->len > bytes.len - s->at || s->line == 0 || s->column == 0 || s->first > s->last)
		__builtin_trap();
	if (s->symbol != NULL && s->several)
		__builtin_trap();
	for (size_t i = 0; i < s->check_count; i++) {
		if (s->checks[i] == NULL || s->checks[i][0] == '\0')
			__builtin_trap();
	}
	if (suppress_without(bytes, s, &out, NULL) != ASSAY_OK || out.len != bytes.len)
		__builtin_trap();
	for (size_t i = 0; i < bytes.len; i++) {
		if ((bytes.data[i] == '\n') != (out.data[i] == '\n'))
			__builtin_trap();
	}
}

/* The first byte says what the file is called. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "a.c", "a.cc", "a.py", "a.java", "a.js", "a.cs", "a.go", "a.adb", ".clang-tidy", "suppressions.txt",
		"x.cppcheck", "sonar-project.properties", "CMakeLists.txt", "Makefile", ".semgrepignore", "a.sh" };
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct assay_error err = { 0 };
	struct suppressions found;
	if (size == 0 || arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	const struct source_file file = { .path = paths[data[0] % (sizeof paths / sizeof paths[0])], .mode = 0100644, .has_bytes = true,
		.bytes = { data + 1, size - 1 } };
	const struct sources s = { .files = &file, .count = 1 };
	if (suppress_find(&s, NULL, NULL, arena, &found, &err) != ASSAY_OK)
		return 0;
	for (size_t i = 0; i < found.count; i++)
		check(file.bytes, &found.items[i]);
	return 0;
}
