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

bool
shell_walk_inside(const struct shell_command *c, shell_visitor *visit, void *context)
{
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
	return true;
}

static bool
walk_command(const struct shell_command *c, const struct shell_pipeline *in, shell_visitor *visit,
    void *context)
{
	if (!visit(c, in, context) || !shell_walk_inside(c, visit, context))
		return false;
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
	const char *long_with_value; /* " --option " each, or NULL */
} wrappers[] = {
	{ "sudo", "ugpChTRDrtU", 0, " --user --group --prompt --close-from --host --command-timeout --chroot --chdir --role --type --other-user " },
	{ "doas", "uC", 0, NULL },
	{ "env", "uC", 0, " --unset --chdir " },
	{ "command", "", 0, NULL },
	{ "builtin", "", 0, NULL },
	{ "exec", "a", 0, NULL },
	{ "nohup", "", 0, NULL },
	{ "time", "of", 0, " --output --format " },
	{ "nice", "n", 0, " --adjustment " },
	{ "ionice", "cnp", 0, " --class --classdata " },
	{ "timeout", "ks", 1, " --kill-after --signal " },
	{ "stdbuf", "ioe", 0, " --input --output --error " },
	{ "setsid", "", 0, NULL },
	{ "chroot", "", 1, " --userspec --groups " },
	{ "busybox", "", 0, NULL },
	{ "xargs", "aEILnPsd", 0, " --arg-file --delimiter --max-lines --max-args --max-procs --max-chars --replace --process-slot-var " },
	{ "unbuffer", "", 0, NULL },
	{ "eatmydata", "", 0, NULL },
	{ "fakeroot", "lsib", 0, " --lib --faked " },
	{ "chronic", "", 0, NULL },
	{ "gosu", "", 1, NULL },
	{ "su-exec", "", 1, NULL },
	{ "setpriv", "", 0, " --reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits --pdeathsig " },
	{ "unshare", "SG", 0, " --setuid --setgid --root --wd --map-user --map-group " },
	{ "taskset", "", 1, NULL },
	{ "flock", "EwW", 1, " --conflict-exit-code --wait --timeout " },
	{ "strace", "abeIopPsSuEX", 0, NULL },
	{ "ccache", "", 0, NULL },
	{ "xvfb-run", "efnpsw", 0, " --error-file --auth-file --server-num --xauth-protocol --server-args --wait " },
	{ "dbus-run-session", "", 0, " --config-file --dbus-daemon " },
	{ "systemd-run", "EHMptuG", 0, " --property --unit --slice --setenv --uid --gid --nice --working-directory --description " },
};

/* "poetry run -q -- pip": options that take no value are passed over. */
static const struct shell_word *
past_options(const struct shell_word *w)
{
	while (w != NULL && w->text != NULL && w->text[0] == '-')
		w = w->next;
	return w;
}

const char *
shell_name(const struct shell_word *program)
{
	if (program == NULL || program->text == NULL)
		return "";
	const char *slash = strrchr(program->text, '/');
	return slash == NULL ? program->text : slash + 1;
}

/* Programs that run a command behind one of their verbs: "poetry run". */
static const struct {
	const char *name, *verb;
} runners[] = {
	{ "poetry", "run" }, { "pipenv", "run" }, { "pdm", "run" }, { "rye", "run" }, { "hatch", "run" }, { "pixi", "run" },
	{ "uv", "run" }, { "bundle", "exec" }, { "conda", "run" }, { "mamba", "run" }, { "micromamba", "run" }, { "mise", "exec" },
	{ "opam", "exec" }, { "guix", "shell" }, { "find", "-exec" }, { "find", "-execdir" }, { "find", "-ok" }, { "nix", "-c" },
	{ "nix", "--command" }, { "direnv", "exec" }, { "dotenv", "run" }, { "dotenvx", "run" }, { "op", "run" },
};

const struct shell_word *
shell_runs(const struct shell_command *c)
{
	const struct shell_word *program = shell_program(c);
	const char *name = shell_name(program);
	for (size_t i = 0; program != NULL && i < COUNT(runners); i++) {
		if (runners[i].name[0] != name[0] || strcmp(runners[i].name, name) != 0)
			continue;
		for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
			if (w->text != NULL && strcmp(w->text, runners[i].verb) == 0)
				return past_options(w->next);
		}
	}
	return NULL;
}

static const struct wrapper *
find_wrapper(const struct shell_word *w)
{
	const char *name = shell_name(w);
	for (size_t i = 0; i < COUNT(wrappers); i++) {
		if (wrappers[i].name[0] == name[0] && strcmp(wrappers[i].name, name) == 0)
			return &wrappers[i];
	}
	return NULL;
}

static bool
is_assignment(const struct shell_word *w)
{
	/* Of "env 'A=b'", too. */
	const char *first = w->text != NULL ? w->text : w->raw, *p = first;
	while (isalnum((unsigned char)*p) || *p == '_')
		p++;
	return p > first && *p == '=';
}

static bool
takes_value(const struct wrapper *wrapper, const char *option)
{
	const char *at = wrapper->long_with_value != NULL ? strstr(wrapper->long_with_value, option) : NULL;
	return at != NULL && at[-1] == ' ' && at[strlen(option)] == ' ';
}

/* The word after this wrapper's own options and words. */
static const struct shell_word *
past_wrapper(const struct wrapper *wrapper, const struct shell_word *w)
{
	unsigned positional = wrapper->positional;
	for (w = w->next; w != NULL; w = w->next) {
		const char *text = w->text;
		if (text != NULL && text[0] == '-' && text[1] != '\0') {
			bool value = text[1] == '-' ? takes_value(wrapper, text)
			                            : text[2] == '\0' && strchr(wrapper->with_value, text[1]) != NULL;
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

/* Programs that run scripts, the letters of the options after which a script's text stands, and of those that end a cluster of letters. */
static const struct interpreter {
	const char *name;
	const char *code;
	const char *valued;
} interpreters[] = {
	{ "sh", "c", "" },
	{ "bash", "c", "O" },
	{ "dash", "c", "" },
	{ "ash", "c", "" },
	{ "zsh", "c", "" },
	{ "ksh", "c", "" },
	{ "fish", "c", "" },
	{ "su", "c", "sgGw" },
	{ "runuser", "c", "sgGuw" },
	{ "python", "c", "mWX" },
	{ "pypy", "c", "mWX" },
	{ "perl", "eE", "MmIixFCD0" },
	{ "ruby", "e", "rIEFKxCW0" },
	{ "node", "ep", "rC" },
	{ "nodejs", "ep", "rC" },
	{ "php", "r", "cdfzt" },
	{ "lua", "e", "l" },
	{ "Rscript", "e", "" },
	{ "pwsh", "c", "" },
	{ "powershell", "c", "" },
};

/* The interpreter of this name ("python3.11": python), or NULL. */
static const struct interpreter *
find_interpreter(const char *name)
{
	size_t len = strlen(name);
	while (len > 0 && (isdigit((unsigned char)name[len - 1]) || name[len - 1] == '.'))
		len--;
	for (size_t i = 0; i < COUNT(interpreters); i++) {
		if (interpreters[i].name[0] == name[0] && strlen(interpreters[i].name) == len && memcmp(interpreters[i].name, name, len) == 0)
			return &interpreters[i];
	}
	return NULL;
}

bool
shell_is_interpreter(const char *name)
{
	return find_interpreter(name) != NULL;
}

/* "-ropen-uri" holds no -e: what stands behind an r is its value. */
static bool
is_code_option(const struct interpreter *i, const char *text)
{
	return text[1] != '-' && strcspn(text + 1, i->code) < strcspn(text + 1, i->valued);
}

/* "bash -c -- SCRIPT" */
static const struct shell_word *
past_dashes(const struct shell_word *w)
{
	return w != NULL && w->text != NULL && strcmp(w->text, "--") == 0 ? w->next : w;
}

/* "bash -euo pipefail -c SCRIPT": an o takes the next word. */
static bool
sets_option(const struct interpreter *i, const char *text)
{
	return text[1] != '-' && strcmp(i->code, "c") == 0 && strchr(text, 'o') != NULL;
}

static const struct shell_word *
code_behind(const struct shell_word *program, const struct interpreter *interpreter)
{
	bool user = strcmp(interpreter->name, "su") == 0 || strcmp(interpreter->name, "runuser") == 0;
	for (const struct shell_word *w = program->next; w != NULL; w = w->next) {
		/* "su USER -c SCRIPT" */
		if (user && w->text != NULL && w->text[0] != '-')
			continue;
		if (w->text == NULL || w->text[0] != '-')
			return NULL;
		if (strcmp(w->text, "--eval") == 0 || strcmp(w->text, "--command") == 0 || is_code_option(interpreter, w->text))
			return past_dashes(w->next);
		if (sets_option(interpreter, w->text) && w->next != NULL)
			w = w->next;
	}
	return NULL;
}

const struct shell_word *
shell_code(const struct shell_command *c)
{
	const struct shell_word *program = shell_program(c);
	const char *name = shell_name(program);
	if (program == NULL)
		return NULL;
	if (strcmp(name, "eval") == 0)
		return program->next;
	const struct interpreter *interpreter = find_interpreter(name);
	if (interpreter == NULL)
		return NULL;
	return code_behind(program, interpreter);
}
