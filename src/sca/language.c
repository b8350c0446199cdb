/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/language.h>

#include <string.h>

/* Longest ending of the table. */
#define SUFFIX_MAX 16

const struct sca_language sca_languages[] = {
	{ "c", " .c ", NULL },
	{ "c", " .h ", "c++" },
	{ "c++", " .cc .cpp .cxx .c++ .cp .C .CPP .ii .cppm .ixx .hh .hpp .hxx .h++ .H .ino .ipp .tpp .tcc .txx ", NULL },
	{ "objective-c", " .m .mm ", NULL },
	{ "assembly", " .s .S .asm ", NULL },
	{ "cuda", " .cu .cuh ", "c++" },
	{ "ada", " .ada .adb .ads ", NULL },
	{ "c#", " .cs ", NULL },
	{ "dart", " .dart ", NULL },
	{ "go", " .go ", NULL },
	{ "java", " .java ", NULL },
	{ "javascript", " .js .mjs .cjs .jsx ", NULL },
	{ "kotlin", " .kt .kts ", NULL },
	{ "lua", " .lua ", NULL },
	{ "perl", " .pl .pm ", NULL },
	{ "php", " .php ", NULL },
	{ "python", " .py .pyw .pyx ", NULL },
	{ "ruby", " .rb ", NULL },
	{ "rust", " .rs ", NULL },
	{ "scala", " .scala ", NULL },
	{ "shell", " .sh .bash .ksh .zsh ", NULL },
	{ "swift", " .swift ", NULL },
	{ "typescript", " .ts .mts .cts .tsx ", NULL },
	{ "visual-basic", " .vb .bas ", NULL },
	{ "zig", " .zig ", NULL },
	{ NULL, NULL, NULL },
};

/* Suffixes stand between blanks, and so does what is looked for: ".c" isn't found in ".cc". */
static bool
is_among(const char *suffixes, const char *suffix)
{
	char word[SUFFIX_MAX + 3];
	const size_t len = strlen(suffix);
	if (len == 0 || len > SUFFIX_MAX || strchr(suffix, ' ') != NULL)
		return false;
	word[0] = ' ';
	memcpy(word + 1, suffix, len);
	word[len + 1] = ' ';
	word[len + 2] = '\0';
	return strstr(suffixes, word) != NULL;
}

/* "" for none, and for a name that begins with its only dot. */
static const char *
suffix_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	const char *suffix = strrchr(name, '.');
	return suffix == NULL || suffix == name ? "" : suffix;
}

const struct sca_language *
sca_language_of(const char *path)
{
	for (const struct sca_language *l = sca_languages; l->name != NULL; l++) {
		if (is_among(l->suffixes, suffix_of(path)))
			return l;
	}
	return NULL;
}

bool
sca_is_unit(const char *path)
{
	return is_among(" .c .cc .cpp .cxx .c++ .cp .C .CPP .ii ", suffix_of(path));
}

/* Some are code of a language of their own by nobody's table: what they hold is read in a unit. */
bool
sca_is_header(const char *path)
{
	return is_among(" .h .hh .hpp .hxx .h++ .H .inc .inl .ipp .tpp .tcc .txx ", suffix_of(path));
}

const struct sca_language *
sca_language_find(const char *name)
{
	for (const struct sca_language *l = sca_languages; l->name != NULL; l++) {
		if (strcmp(l->name, name) == 0)
			return l;
	}
	return NULL;
}
