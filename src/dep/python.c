/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.c-sources: Python that a build starts. It isn't understood; it is seen to use nothing but what can't fetch: names that are
 * imported are compared with a list of modules, and words that lead to any other module or program are doubts.
 */
#include "started.h"

#define NAME_LEN_MAX 256

static const char *const modules[] = { "__future__", "abc", "argparse", "array", "ast", "base64", "binascii", "bisect", "calendar",
	"cmath", "codecs", "collections", "configparser", "contextlib", "copy", "csv", "dataclasses", "datetime", "decimal", "difflib",
	"enum", "errno", "filecmp", "fnmatch", "fractions", "functools", "getopt", "glob", "gzip", "hashlib", "heapq", "html",
	"io", "itertools", "json", "keyword", "locale", "lzma", "bz2", "math", "numbers", "operator", "optparse", "os", "pathlib",
	"platform", "pprint", "random", "re", "shlex", "shutil", "stat", "statistics", "string", "struct", "sys", "tempfile",
	"textwrap", "time", "tokenize", "traceback", "types", "typing", "unicodedata", "uuid", "warnings", "zlib" };

/* Words that reach further than the modules do. */
static const char *const doubts[] = { "exec", "eval", "compile", "__import__", "__builtins__", "builtins", "__loader__", "__spec__",
	"globals", "locals", "vars", "getattr", "__getattribute__", "__dict__", "__subclasses__", "__globals__", "modules", "system",
	"popen", "startfile", "execl", "execle", "execlp", "execlpe", "execv", "execve", "execvp", "execvpe", "spawnl", "spawnle",
	"spawnlp", "spawnlpe", "spawnv", "spawnve", "spawnvp", "spawnvpe", "posix_spawn", "posix_spawnp", "fork", "forkpty",
	"path_hooks", "meta_path", "_os", "_sys", "__reduce__", "__self__", "__code__", "FunctionType", "CodeType", "get_type_hints",
	"ForwardRef", "attrgetter", "methodcaller" };

/* Files that were looked at, so that none is twice. */
struct looked {
	const struct source_file *files[PYTHON_FILES_MAX];
	size_t count;
};

struct python {
	struct dep_work *w;
	const char *file;
	const char *at, *end;
	unsigned line, depth;
	struct looked *looked;
	struct python_doubt *doubt;
};

static enum assay_status look(struct python *p);

static bool
is_among(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i], name) == 0)
			return true;
	}
	return false;
}

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

static void
doubt(struct python *p, const char *what)
{
	if (p->doubt->what != NULL)
		return;
	const char *kept = arena_str(p->w->arena, what);
	*p->doubt = (struct python_doubt){ kept != NULL ? kept : "want of memory", p->file, p->line };
}

/* Past a string's end; what stands in the braces of an f-string is a word of the program. */
static void
skip_string(struct python *p)
{
	char quote = *p->at;
	size_t n = p->end - p->at >= 3 && p->at[1] == quote && p->at[2] == quote ? 3 : 1;
	for (p->at += n; p->at < p->end; p->at++) {
		if (*p->at == '\\') {
			p->at += p->at + 1 < p->end;
			p->line += *p->at == '\n';
			continue;
		}
		p->line += *p->at == '\n';
		if (n == 1 && *p->at == '\n')
			break;
		if (*p->at == quote && (n == 1 || (p->end - p->at >= 3 && p->at[1] == quote && p->at[2] == quote))) {
			p->at += n;
			return;
		}
	}
	doubt(p, "a string without end");
}

/* The next word of the same statement; "" at any other byte than a word's. */
static const char *
take_word(struct python *p, char *into)
{
	size_t n = 0;
	while (p->at + n < p->end && is_name_byte(p->at[n]) && n + 1 < NAME_LEN_MAX) {
		into[n] = p->at[n];
		n++;
	}
	into[n] = '\0';
	p->at += n;
	return into;
}

static void
skip_blanks(struct python *p)
{
	while (p->at < p->end && (*p->at == ' ' || *p->at == '\t'))
		p->at++;
}

static enum assay_status
look_at_file(struct python *p, const struct source_file *f)
{
	struct looked *l = p->looked;
	for (size_t i = 0; i < l->count; i++) {
		if (l->files[i] == f)
			return ASSAY_OK;
	}
	if (l->count == PYTHON_FILES_MAX || p->depth == PYTHON_DEPTH_MAX || !f->has_bytes || f->mode == 0120000) {
		doubt(p, f->path);
		return ASSAY_OK;
	}
	l->files[l->count++] = f;
	const char *text = (const char *)f->bytes.data;
	struct python inner = { p->w, f->path, text, text + f->bytes.len, 1, p->depth + 1, l, p->doubt };
	return look(&inner);
}

/* A file of the tree by a module's name may be what is imported, also by the name of one of Python's own. */
static enum assay_status
check_module(struct python *p, const char *name)
{
	const char *file = arena_printf(p->w->arena, "%s.py", name), *folder = arena_printf(p->w->arena, "%s/__init__.py", name);
	bool found = false;
	if (file == NULL || folder == NULL)
		return arena_full(p->w->err);
	if (*name == '\0') {
		doubt(p, "an import of its own folder");
		return ASSAY_OK;
	}
	for (size_t i = 0; i < p->w->sources->count && p->doubt->what == NULL; i++) {
		const struct source_file *f = &p->w->sources->files[i];
		if (!dep_fits(folder, f->path) && !dep_fits(file, f->path))
			continue;
		found = true;
		TRY(look_at_file(p, f));
	}
	if (!found && !is_among(name, modules, sizeof modules / sizeof modules[0]))
		doubt(p, name);
	return ASSAY_OK;
}

/* "import a.b as c, d": the first part of each name counts. */
static enum assay_status
read_import(struct python *p, bool from)
{
	char name[NAME_LEN_MAX];
	for (;;) {
		skip_blanks(p);
		TRY(check_module(p, take_word(p, name)));
		/* "import os.path", "import a as b" */
		while (p->at < p->end && (is_name_byte(*p->at) || *p->at == '.' || *p->at == ' ' || *p->at == '\t')) {
			if (from)
				return ASSAY_OK;
			p->at++;
		}
		if (from || p->at == p->end || *p->at != ',')
			return ASSAY_OK;
		p->at++;
	}
}

static enum assay_status
read_word(struct python *p, bool first)
{
	char word[NAME_LEN_MAX];
	(void)take_word(p, word);
	if (strcmp(word, "import") == 0 && first)
		return read_import(p, false);
	if (strcmp(word, "from") == 0 && first)
		return read_import(p, true);
	if (is_among(word, doubts, sizeof doubts / sizeof doubts[0]))
		doubt(p, word);
	return ASSAY_OK;
}

static bool
is_string_next(const struct python *p)
{
	return *p->at == '"' || *p->at == '\'';
}

/* A prefix of a string with f in it. */
static bool
is_formatted(const struct python *p)
{
	size_t n = 0;
	bool formatted = false;
	while (p->at + n < p->end && n < 3 && strchr("fFrRbBuU", p->at[n]) != NULL && p->at[n] != '\0') {
		formatted = formatted || p->at[n] == 'f' || p->at[n] == 'F';
		n++;
	}
	return formatted && p->at + n < p->end && (p->at[n] == '"' || p->at[n] == '\'');
}

/* Every word in it, of its text, too; braces that don't close in it do so behind quotes inside of them. */
static void
look_at_formatted(struct python *p)
{
	char word[NAME_LEN_MAX];
	int open = 0;
	while (!is_string_next(p))
		p->at++;
	struct python inner = *p;
	skip_string(p);
	inner.end = p->at;
	while (inner.at < inner.end) {
		bool twice = inner.end - inner.at > 1 && inner.at[1] == *inner.at;
		/* "{{" is a brace of the text, and so is "}}" where none is open. */
		if (twice && (*inner.at == '{' || (*inner.at == '}' && open == 0))) {
			inner.at += 2;
			continue;
		}
		open += *inner.at == '{' ? 1 : *inner.at == '}' ? -1 : 0;
		if (!is_name_byte(*inner.at)) {
			inner.at++;
		} else if (is_among(take_word(&inner, word), doubts, sizeof doubts / sizeof doubts[0])) {
			doubt(&inner, word);
		}
	}
	if (open != 0)
		doubt(p, "quotes in the braces of a string");
}

static enum assay_status
look_at_next(struct python *p, bool *first)
{
	char c = *p->at;
	bool was = *first;
	*first = c == '\n' || c == ';' || c == ':' || (was && (c == ' ' || c == '\t' || c == '\r'));
	if (c == '#') {
		while (p->at < p->end && *p->at != '\n')
			p->at++;
	} else if (is_string_next(p)) {
		skip_string(p);
	} else if (is_formatted(p)) {
		look_at_formatted(p);
	} else if (is_name_byte(c)) {
		return read_word(p, was);
	} else {
		p->line += c == '\n';
		p->at++;
	}
	return ASSAY_OK;
}

static enum assay_status
look(struct python *p)
{
	bool first = true; /* of a statement */
	struct assay_span all = { (const unsigned char *)p->at, (size_t)(p->end - p->at) };
	if (!text_is_utf8(all))
		doubt(p, "bytes that are no text");
	while (p->at < p->end && p->doubt->what == NULL)
		TRY(look_at_next(p, &first));
	return ASSAY_OK;
}

enum assay_status
python_look(struct dep_work *w, const struct source_file *f, struct python_doubt *ret_doubt)
{
	struct looked *looked = arena_alloc(w->arena, sizeof *looked);
	struct python p = { .w = w, .file = f->path, .line = 1, .looked = looked, .doubt = ret_doubt };
	if (looked == NULL)
		return arena_full(w->err);
	*ret_doubt = (struct python_doubt){ 0 };
	return look_at_file(&p, f);
}

enum assay_status
python_look_at_text(struct dep_work *w, const char *text, struct python_doubt *ret_doubt)
{
	struct looked *looked = arena_alloc(w->arena, sizeof *looked);
	struct python p = { w, "", text, text + strlen(text), 1, 0, looked, ret_doubt };
	if (looked == NULL)
		return arena_full(w->err);
	*ret_doubt = (struct python_doubt){ 0 };
	return look(&p);
}
