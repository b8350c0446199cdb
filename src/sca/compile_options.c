/* SPDX-License-Identifier: Apache-2.0 */
#include "compile_options.h"

#include <string.h>

/* Rows for the same word: the longest name is taken. */
static const struct option_row rows[] = {
	{ "-I", VALUE_PATH, OPTION_PASS },
	{ "-isystem", VALUE_PATH, OPTION_PASS },
	{ "-iquote", VALUE_PATH, OPTION_PASS },
	{ "-idirafter", VALUE_PATH, OPTION_PASS },
	{ "-include", VALUE_PATH, OPTION_PASS },
	{ "-imacros", VALUE_PATH, OPTION_PASS },
	{ "-D", VALUE_TEXT, OPTION_PASS },
	{ "-U", VALUE_TEXT, OPTION_PASS },
	{ "-std=", VALUE_NAME, OPTION_PASS },
	{ "-x", VALUE_LANGUAGE, OPTION_PASS },
	{ "-ansi", VALUE_NONE, OPTION_PASS },
	{ "-trigraphs", VALUE_NONE, OPTION_PASS },
	{ "-pthread", VALUE_NONE, OPTION_PASS },
	{ "-nostdinc", VALUE_NONE, OPTION_PASS },
	{ "-nostdinc++", VALUE_NONE, OPTION_PASS },

	/* What decides what the code means. */
	{ "-fsigned-char", VALUE_NONE, OPTION_PASS },
	{ "-funsigned-char", VALUE_NONE, OPTION_PASS },
	{ "-fshort-enums", VALUE_NONE, OPTION_PASS },
	{ "-fshort-wchar", VALUE_NONE, OPTION_PASS },
	{ "-fwrapv", VALUE_NONE, OPTION_PASS },
	{ "-ftrapv", VALUE_NONE, OPTION_PASS },
	{ "-fexceptions", VALUE_NONE, OPTION_PASS },
	{ "-fno-exceptions", VALUE_NONE, OPTION_PASS },
	{ "-frtti", VALUE_NONE, OPTION_PASS },
	{ "-fno-rtti", VALUE_NONE, OPTION_PASS },
	{ "-ffreestanding", VALUE_NONE, OPTION_PASS },
	{ "-fhosted", VALUE_NONE, OPTION_PASS },
	{ "-fno-builtin", VALUE_NAME, OPTION_PASS },
	{ "-fms-extensions", VALUE_NONE, OPTION_PASS },
	{ "-fgnu89-inline", VALUE_NONE, OPTION_PASS },
	{ "-fcommon", VALUE_NONE, OPTION_PASS },
	{ "-fno-common", VALUE_NONE, OPTION_PASS },
	{ "-fopenmp", VALUE_NONE, OPTION_PASS },
	{ "-fstrict-aliasing", VALUE_NONE, OPTION_PASS },
	{ "-fno-strict-aliasing", VALUE_NONE, OPTION_PASS },
	{ "-fno-delete-null-pointer-checks", VALUE_NONE, OPTION_PASS },
	{ "-fPIC", VALUE_NONE, OPTION_PASS },
	{ "-fpic", VALUE_NONE, OPTION_PASS },
	{ "-fPIE", VALUE_NONE, OPTION_PASS },
	{ "-fpie", VALUE_NONE, OPTION_PASS },
	{ "-m32", VALUE_NONE, OPTION_PASS },
	{ "-m64", VALUE_NONE, OPTION_PASS },
	{ "-msse", VALUE_NAME, OPTION_PASS },
	{ "-mavx", VALUE_NAME, OPTION_PASS },
	{ "-march=", VALUE_NAME, OPTION_PASS },
	{ "-mcpu=", VALUE_NAME, OPTION_PASS },
	{ "-mfpu=", VALUE_NAME, OPTION_PASS },
	{ "-mfloat-abi=", VALUE_NAME, OPTION_PASS },
	{ "-mthumb", VALUE_NONE, OPTION_PASS },

	/* What only decides how the program comes out, or where. */
	{ "-c", VALUE_NONE, OPTION_DROP },
	{ "-S", VALUE_NONE, OPTION_DROP },
	{ "-o", VALUE_TEXT, OPTION_DROP },
	{ "-M", VALUE_NONE, OPTION_DROP },
	{ "-MM", VALUE_NONE, OPTION_DROP },
	{ "-MD", VALUE_NONE, OPTION_DROP },
	{ "-MMD", VALUE_NONE, OPTION_DROP },
	{ "-MP", VALUE_NONE, OPTION_DROP },
	{ "-MG", VALUE_NONE, OPTION_DROP },
	{ "-MF", VALUE_TEXT, OPTION_DROP },
	{ "-MT", VALUE_TEXT, OPTION_DROP },
	{ "-MQ", VALUE_TEXT, OPTION_DROP },
	{ "-MJ", VALUE_TEXT, OPTION_DROP },
	{ "-g", VALUE_NAME, OPTION_DROP },
	{ "-O", VALUE_NAME, OPTION_DROP },
	{ "-pipe", VALUE_NONE, OPTION_DROP },
	{ "-pedantic", VALUE_NAME, OPTION_DROP },
	{ "-static", VALUE_NONE, OPTION_DROP },
	{ "-shared", VALUE_NONE, OPTION_DROP },
	{ "-pie", VALUE_NONE, OPTION_DROP },
	{ "-no-pie", VALUE_NONE, OPTION_DROP },
	{ "-mtune=", VALUE_NAME, OPTION_DROP },
	{ "-fdiagnostics-color", VALUE_NAME, OPTION_DROP },
	{ "-fcolor-diagnostics", VALUE_NONE, OPTION_DROP },
	{ "-ffile-prefix-map=", VALUE_REST, OPTION_DROP },
	{ "-fdebug-prefix-map=", VALUE_REST, OPTION_DROP },
	{ "-fmacro-prefix-map=", VALUE_REST, OPTION_DROP },
	{ "-flto", VALUE_NAME, OPTION_DROP },
	{ "-fno-lto", VALUE_NONE, OPTION_DROP },
	{ "-fsanitize", VALUE_NAME, OPTION_DROP },
	{ "-fno-sanitize", VALUE_NAME, OPTION_DROP },
	{ "-fstack-protector", VALUE_NAME, OPTION_DROP },
	{ "-fstack-clash-protection", VALUE_NONE, OPTION_DROP },
	{ "-fcf-protection", VALUE_NAME, OPTION_DROP },
	{ "-fvisibility", VALUE_NAME, OPTION_DROP },
	{ "-ffunction-sections", VALUE_NONE, OPTION_DROP },
	{ "-fdata-sections", VALUE_NONE, OPTION_DROP },
	{ "-fomit-frame-pointer", VALUE_NONE, OPTION_DROP },
	{ "-fno-omit-frame-pointer", VALUE_NONE, OPTION_DROP },
	{ "-fno-plt", VALUE_NONE, OPTION_DROP },
	{ "-fno-semantic-interposition", VALUE_NONE, OPTION_DROP },
	{ "-fasynchronous-unwind-tables", VALUE_NONE, OPTION_DROP },
	{ "-fno-asynchronous-unwind-tables", VALUE_NONE, OPTION_DROP },
	{ "-funroll-loops", VALUE_NONE, OPTION_DROP },
	{ "-ftree-", VALUE_NAME, OPTION_DROP },
	{ "-fno-tree-", VALUE_NAME, OPTION_DROP },
	{ "-fno-stack-protector", VALUE_NONE, OPTION_DROP },
	{ "-finline-functions", VALUE_NONE, OPTION_DROP },
	{ "-fno-inline", VALUE_NAME, OPTION_DROP },
	{ "-fmax-errors=", VALUE_NAME, OPTION_DROP },
	{ "-ffast-math", VALUE_NONE, OPTION_DROP },
	{ "-fno-math-errno", VALUE_NONE, OPTION_DROP },
	{ "-fvar-tracking-assignments", VALUE_NONE, OPTION_DROP },
	{ "--coverage", VALUE_NONE, OPTION_DROP },
	{ "-fprofile-arcs", VALUE_NONE, OPTION_DROP },
	{ "-ftest-coverage", VALUE_NONE, OPTION_DROP },

	/* The plan says which warnings there are. What an option takes away it can't take from the plan, and is told. */
	{ "-W", VALUE_NAME, OPTION_DROP },
	{ "-Wno-", VALUE_NAME, OPTION_SILENCE },
	{ "-Wno-error", VALUE_NAME, OPTION_DROP },
	{ "-w", VALUE_NONE, OPTION_SILENCE },
	{ "-fno-analyzer", VALUE_NONE, OPTION_SILENCE },
	{ "-fanalyzer", VALUE_NAME, OPTION_DROP },
	{ "-fpermissive", VALUE_NONE, OPTION_SILENCE },
	{ "-fsyntax-only", VALUE_NONE, OPTION_DROP },
	{ "--suppress=", VALUE_REST, OPTION_SILENCE },
	{ "-Wno-everything", VALUE_NONE, OPTION_SILENCE },

	/* Longer than something above that would let them through. */
	{ "-Wp,", VALUE_REST, OPTION_REFUSE },
	{ "-Wa,", VALUE_REST, OPTION_REFUSE },
	{ "-Wl,", VALUE_REST, OPTION_REFUSE },
	{ "-fplugin", VALUE_REST, OPTION_REFUSE },
	{ "-include-pch", VALUE_REST, OPTION_REFUSE },
	{ "-isysroot", VALUE_REST, OPTION_REFUSE },
	{ "-imultilib", VALUE_REST, OPTION_REFUSE },
	{ "-iprefix", VALUE_REST, OPTION_REFUSE },
	{ "-iwithprefix", VALUE_REST, OPTION_REFUSE },
	{ "-Xclang", VALUE_REST, OPTION_REFUSE },
};

static bool
fits(const struct option_row *r, const char *word)
{
	size_t n = strlen(r->name);
	if (strncmp(word, r->name, n) != 0)
		return false;
	if (r->value == VALUE_NONE)
		return word[n] == '\0';
	return r->value != VALUE_NAME || option_is_name(word + n);
}

const struct option_row *
option_find(const char *word)
{
	const struct option_row *best = NULL;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (fits(&rows[i], word) && (best == NULL || strlen(rows[i].name) > strlen(best->name)))
			best = &rows[i];
	}
	return best;
}

bool
option_is_name(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_:,=") == strlen(text);
}
