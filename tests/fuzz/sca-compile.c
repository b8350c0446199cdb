/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing but harmless options comes through, and no path that leads out. */
#include <base/cleanup.h>
#include <sca/compile.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_argument(const char *word)
{
	static const char *const bad[] = { "-Xclang", "-fplugin", "-wrapper", "-specs", "-B", "-load", "-Wp,", "-Wa,", "-Wl,", "@",
		"-o", "-M", "-w", "-dump" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (strncmp(word, bad[i], strlen(bad[i])) == 0)
			__builtin_trap();
	}
	if ((strncmp(word, "-I", 2) == 0 && strncmp(word, "-I/src", 6) != 0 && strncmp(word, "-I/usr/", 7) != 0) || strcmp(word, "-I/usr/../etc") == 0)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sca_root roots[] = { { "/home/me/p", "/src" }, { "/build", "/src/build" } };
	const struct sca_compile c = { "fuzz", roots, 2, "sub" };
	struct assay_error err = { 0 };
	struct sca_database d;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(512u << 20, &arena) != ASSAY_OK
	    || sca_compile_read((struct assay_span){ data, size }, &c, arena, &d, &err) != ASSAY_OK)
		return 0;
	for (size_t i = 0; i < d.count; i++) {
		const struct sca_unit *u = &d.units[i];
		if (u->refused != NULL)
			continue;
		if (u->path[0] == '/' || u->path[0] == '\0' || strncmp(u->path, "../", 3) == 0)
			__builtin_trap();
		for (size_t j = 0; j < u->arg_count; j++) {
			bool apart = j > 0 && strncmp(u->args[j - 1], "-i", 2) == 0;
			if (!apart)
				check_argument(u->args[j]);
			else if (strncmp(u->args[j], "/src", 4) != 0 && strncmp(u->args[j], "/usr/", 5) != 0)
				__builtin_trap();
		}
	}
	return 0;
}
