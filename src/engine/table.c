/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include <base/text.h>

const struct table_row table_rows[] = {
	{ "gcc", "flow analysis within and between functions, and the compiler's own warnings", "gcc-12",
	    { "gcc-12", "gcc-13", "gcc-14", "gcc" }, { "cc1", "cc1plus" }, { NULL },
	    { { LISTING_OPTIONS, { "--help=warnings" } }, { LISTING_OPTIONS, { "--help=common" } },
	        { LISTING_OPTIONS, { "--help=c" } } } },
	{ "clang", "symbolic execution along paths with checkers to choose from, and another compiler's warnings", "clang-19",
	    { "clang-19", "clang-20", "clang" }, { NULL }, { NULL },
	    { { LISTING_WORDS, { "-cc1", "-analyzer-checker-help" } }, { LISTING_WORDS, { "-cc1", "-analyzer-checker-help-alpha" } },
	        { LISTING_WORDS, { "-cc1", "-analyzer-checker-help-developer" } },
	        { LISTING_OPTIONS, { "--print-diagnostic-options" } } } },
	{ "clang-tidy", "checks of several coding standards over the syntax tree", "clang-tidy-19",
	    { "clang-tidy-19", "clang-tidy-20", "clang-tidy" }, { NULL }, { NULL },
	    { { LISTING_WORDS, { "--config={}", "--checks=*", "--list-checks" } } } },
	{ "cppcheck", "value flow over every branch of the preprocessor", "cppcheck", { "cppcheck" }, { NULL },
	    { "/usr/lib/*/cppcheck/cfg", "/usr/lib/*/cppcheck/addons", "/usr/share/cppcheck/cfg", "/usr/share/cppcheck/addons" },
	    { { LISTING_XML, { "--errorlist" } } } },
	{ "flawfinder", "calls of functions that are dangerous by name", "flawfinder", { "flawfinder" }, { NULL }, { NULL },
	    { { LISTING_PROGRAM, { NULL } } } },
	{ "assay", "rules that the others lack, and a maker's own", "", { NULL }, { NULL }, { NULL }, { { LISTING_NONE, { NULL } } } },
};

const size_t table_count = sizeof table_rows / sizeof table_rows[0];

const struct table_row *
table_find(const char *engine)
{
	for (size_t i = 0; i < table_count; i++) {
		if (strcmp(table_rows[i].name, engine) == 0)
			return &table_rows[i];
	}
	return NULL;
}

const char *
table_program_name(const struct table_row *row)
{
	static const char *const folders[] = { "/usr/bin", "/bin" };
	for (size_t i = 0; i < TABLE_WORDS_MAX && row->programs[i] != NULL; i++) {
		for (size_t j = 0; j < sizeof folders / sizeof folders[0]; j++) {
			char path[300];
			text_put(path, sizeof path, "%s/%s", folders[j], row->programs[i]);
			if (access(path, X_OK) == 0)
				return row->programs[i];
		}
	}
	return NULL;
}

bool
engine_is_installed(const char *name)
{
	const struct table_row *row = table_find(name);
	return row != NULL && (row->programs[0] == NULL || table_program_name(row) != NULL);
}

static const struct table_pass passes[] = {
	{ .pass = "gcc-warnings", .joined = true, .output = "gcc-json", .batch = 16 },
	{ .pass = "gcc-analyzer", .joined = true, .output = "gcc-json", .batch = 16 },
	{ .pass = "gcc-taint", .joined = true, .output = "gcc-json", .batch = 16 },
	{ .pass = "clang-warnings" },
	{ .pass = "clang-analyzer" },
	{ .pass = "clang-tidy", .behind = "--", .batch = 16 },
	/* Which files it came to is on its standard output. */
	{ .pass = "cppcheck", .output = "stdout", .defines = "DUI", .batch = 32 },
	{ .pass = "flawfinder", .output = "sarif", .no_options = true, .extra = "/canary/canary.c", .batch = 64 },
};

const struct table_pass *
table_pass_find(const char *pass)
{
	for (size_t i = 0; i < sizeof passes / sizeof passes[0]; i++) {
		if (strcmp(passes[i].pass, pass) == 0)
			return &passes[i];
	}
	return NULL;
}

const char *
table_file_format(const char *name)
{
	static const struct {
		const char *name, *format;
	} files[] = { { "warnings.dia", "clang-dia" }, { "analyzer.sarif", "sarif" }, { "fixes.yaml", "tidy-yaml" },
		{ "cppcheck.xml", "cppcheck-xml" } };
	if (strncmp(name, "profile/", 8) == 0)
		return "tidy-profile";
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		if (strcmp(files[i].name, name) == 0)
			return files[i].format;
	}
	return NULL;
}
