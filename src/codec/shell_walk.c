/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Over the commands of a script, and what a command runs in the end.
 */
#include <codec/shell.h>

#include <base/cleanup.h>
#include <ctype.h>
#include <string.h>

/* How many commands may stand in front of the one that runs: "sudo env nice timeout 5 ...". */
#define WRAPPERS_MAX 8

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* ---- the walk ---- */

static bool
walk_parts(const struct shell_part *p, shell_visitor *visit, void *context)
{
	for (; p != NULL; p = p->next) {
		if (p->inner != NULL && !walk_parts(p->inner, visit, context))
			return false;
		if (p->script != NULL && !shell_walk(p->script, visit, context))
			return false;
	}
	return true;
}

static bool
walk_command(const struct shell_command *c, const struct shell_pipeline *in, shell_visitor *visit,
    void *context)
{
	if (!visit(c, in, context))
		return false;
	for (const struct shell_assign *a = c->assigns; a != NULL; a = a->next) {
		if (!walk_parts(a->value->first, visit, context))
			return false;
	}
	for (const struct shell_word *w = c->words; w != NULL; w = w->next) {
		if (!walk_parts(w->first, visit, context))
			return false;
	}
	for (const struct shell_redirect *d = c->redirects; d != NULL; d = d->next) {
		if (!walk_parts(d->target->first, visit, context))
			return false;
	}
	return c->body == NULL || shell_walk(c->body, visit, context);
}

bool
shell_walk(const struct shell_script *s, shell_visitor *visit, void *context)
{
	for (const struct shell_pipeline *p = s->first; p != NULL; p = p->next) {
		for (const struct shell_command *c = p->first; c != NULL; c = c->next) {
			if (!walk_command(c, p, visit, context))
				return false;
		}
	}
	return true;
}

/* ---- what runs ---- */

/* Commands that run the command in their arguments. */
static const struct wrapper {
	const char *name;
	const char *with_value; /* options of one letter that take the next word */
	unsigned positional;    /* words of its own before the command */
} wrappers[] = {
	{ "sudo", "ugpChTRDrtU", 0 },
	{ "doas", "uC", 0 },
	{ "env", "uC", 0 },
	{ "command", "", 0 },
	{ "builtin", "", 0 },
	{ "exec", "a", 0 },
	{ "nohup", "", 0 },
	{ "time", "of", 0 },
	{ "nice", "n", 0 },
	{ "ionice", "cnp", 0 },
	{ "timeout", "ks", 1 },
	{ "stdbuf", "ioe", 0 },
	{ "setsid", "", 0 },
	{ "chroot", "", 1 },
	{ "busybox", "", 0 },
	{ "xargs", "aEILnPsd", 0 },
	{ "unbuffer", "", 0 },
	{ "eatmydata", "", 0 },
};

const char *
shell_name(const struct shell_word *program)
{
	if (program == NULL || program->text == NULL)
		return "";
	const char *slash = strrchr(program->text, '/');
	return slash == NULL ? program->text : slash + 1;
}

static const struct wrapper *
find_wrapper(const struct shell_word *w)
{
	const char *name = shell_name(w);
	for (size_t i = 0; i < COUNT(wrappers); i++) {
		if (strcmp(wrappers[i].name, name) == 0)
			return &wrappers[i];
	}
	return NULL;
}

static bool
is_assignment(const struct shell_word *w)
{
	const char *p = w->raw;
	while (isalnum((unsigned char)*p) || *p == '_')
		p++;
	return p > w->raw && *p == '=';
}

/* The word after this wrapper's own options and words. */
static const struct shell_word *
past_wrapper(const struct wrapper *wrapper, const struct shell_word *w)
{
	unsigned positional = wrapper->positional;
	for (w = w->next; w != NULL; w = w->next) {
		const char *text = w->text;
		if (text != NULL && text[0] == '-' && text[1] != '\0') {
			bool value = text[1] != '-' && text[2] == '\0' && strchr(wrapper->with_value, text[1]) != NULL;
			if (value && w->next != NULL)
				w = w->next;
		} else if (!is_assignment(w) && positional-- == 0) {
			return w;
		}
	}
	return NULL;
}

const struct shell_word *
shell_program(const struct shell_command *c)
{
	const struct shell_word *w = c->kind == SHELL_SIMPLE ? c->words : NULL;
	for (unsigned i = 0; w != NULL && i < WRAPPERS_MAX; i++) {
		const struct wrapper *wrapper = find_wrapper(w);
		if (wrapper == NULL)
			return w;
		w = past_wrapper(wrapper, w);
	}
	return w;
}

/* Programs that run scripts, and the letters of the options after which a script's text stands. */
static const struct {
	const char *name;
	const char *code;
} interpreters[] = {
	{ "sh", "c" },
	{ "bash", "c" },
	{ "dash", "c" },
	{ "ash", "c" },
	{ "zsh", "c" },
	{ "ksh", "c" },
	{ "fish", "c" },
	{ "su", "c" },
	{ "runuser", "c" },
	{ "python", "c" },
	{ "perl", "eE" },
	{ "ruby", "e" },
	{ "node", "ep" },
	{ "nodejs", "ep" },
	{ "php", "r" },
	{ "lua", "e" },
	{ "Rscript", "e" },
	{ "pwsh", "c" },
	{ "powershell", "c" },
};

/* The letters of the interpreter of this name ("python3.11": those of python), or NULL. */
static const char *
code_letters(const char *name)
{
	size_t len = strlen(name);
	while (len > 0 && (isdigit((unsigned char)name[len - 1]) || name[len - 1] == '.'))
		len--;
	for (size_t i = 0; i < COUNT(interpreters); i++) {
		if (strlen(interpreters[i].name) == len && memcmp(interpreters[i].name, name, len) == 0)
			return interpreters[i].code;
	}
	return NULL;
}

bool
shell_is_interpreter(const char *name)
{
	return code_letters(name) != NULL;
}

const struct shell_word *
shell_code(const struct shell_command *c)
{
	const struct shell_word *program = shell_program(c);
	const char *name = shell_name(program);
	if (strcmp(name, "eval") == 0)
		return program->next;
	const char *letters = code_letters(name);
	if (letters == NULL)
		return NULL;
	for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
		if (w->text == NULL || w->text[0] != '-')
			return NULL;
		if (w->text[1] != '-' && strpbrk(w->text + 1, letters) != NULL)
			return w->next;
		if (strcmp(w->text, "--eval") == 0 || strcmp(w->text, "--command") == 0)
			return w->next;
	}
	return NULL;
}
