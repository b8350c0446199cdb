/* SPDX-License-Identifier: Apache-2.0 */
#include "install_words.h"

/* Options that take the next word and may stand before a program's verb. */
static const struct {
	const char *programs, *options;
} valued[] = {
	{ "npm npx", "--prefix -C --dir -w --workspace --userconfig --registry --cache --loglevel --script-shell -p --package" },
	{ "yarn", "--cwd --cache-folder --registry --modules-folder --use-yarnrc" },
	{ "pnpm pnpx", "-C --dir --filter -F --registry --store-dir --config-dir --package" },
	{ "bun bunx", "--cwd --config -c --filter" },
	{ "cargo", "--config -Z --color -C --manifest-path" },
	{ "go", "-C" },
	{ "uv uvx", "--directory --project --cache-dir --config-file --color --python-preference -p --python" },
	{ "poetry", "-C --directory -P --project" },
	{ "pdm", "-p --project -c --config" },
	{ "pipx", "--python" },
	{ "pip", "--python --log --proxy --cache-dir --timeout --retries --exists-action --trusted-host --cert --client-cert --keyring-provider" },
	{ "bundle", "--gemfile --path" },
	{ "composer", "-d --working-dir" },
	{ "mvn", "-f --file -s --settings -gs -P -pl -T -D -l" },
	{ "helm", "-n --namespace --kube-context --kubeconfig --registry-config --repository-cache --repository-config" },
	{ "conda mamba micromamba", "-n --name -p --prefix -r --root-prefix" },
	{ "opam", "--root --switch --color" },
	{ "nix", "--option --extra-experimental-features --experimental-features --store --log-format -L" },
	{ "luarocks", "--tree --server --lua-version --lua-dir" },
	{ "git", "-C -c --git-dir --work-tree --namespace --exec-path --config-env" },
	{ "gh", "-R --repo" },
	{ "svn", "--username --password --config-dir --config-option" },
	{ "hg", "-R --repository --cwd --config" },
	{ "aws", "--profile --region --endpoint-url --output --query --ca-bundle" },
};

/* "python3 -u -m pip install": the module is the program. */
static const struct shell_word *
module_of(const struct shell_word *program)
{
	const char *name = shell_name(program);
	if (!dep_starts(name, "python") && !dep_starts(name, "pypy") && strcmp(name, "py") != 0)
		return NULL;
	for (const struct shell_word *w = program->next; w != NULL && w->text != NULL && w->text[0] == '-'; w = w->next) {
		const char *text = w->text;
		if (text[1] == '-')
			continue;
		size_t letters = strcspn(text + 1, "mcWX");
		char last = text[1 + letters];
		if (last == 'c')
			return NULL;
		if (last == 'm')
			return w->next;
		/* -W and -X take a value. */
		if (last != '\0' && text[2 + letters] == '\0' && w->next != NULL)
			w = w->next;
	}
	return NULL;
}

void
words_gather(const struct shell_command *c, struct words *ret_words)
{
	const struct shell_word *program = shell_program(c), *module = program != NULL ? module_of(program) : NULL;
	const char *name = module != NULL && module->text != NULL ? module->text : shell_name(program);
	if (module != NULL)
		program = module;
	/* The module's program goes by another name than whatever else is called "build". */
	if (module != NULL && strcmp(name, "build") == 0)
		name = "python-build";
	bool pip = strncmp(name, "pip", 3) == 0 && name[3 + strspn(name + 3, "0123456789.-")] == '\0';
	ret_words->program = pip ? "pip" : name;
	ret_words->count = 0;
	for (const struct shell_word *w = program != NULL ? program->next : NULL; w != NULL && ret_words->count < WORDS_MAX; w = w->next)
		ret_words->items[ret_words->count++] = w->text;
}

bool
words_have(const struct words *w, const char *options)
{
	while (*options != '\0') {
		size_t n = strcspn(options, " ");
		for (size_t i = 0; i < w->count; i++) {
			const char *text = w->items[i];
			if (text != NULL && strncmp(text, options, n) == 0 && (text[n] == '\0' || text[n] == '='))
				return true;
		}
		options += n + (options[n] == ' ');
	}
	return false;
}

size_t
words_at(const struct words *w, size_t n)
{
	const char *options = "";
	for (size_t i = 0; i < sizeof valued / sizeof valued[0]; i++)
		options = shell_among(w->program, valued[i].programs) ? valued[i].options : options;
	for (size_t i = 0; i < w->count; i++) {
		const char *text = w->items[i] != NULL ? w->items[i] : "";
		/* "cargo +nightly install" */
		if (text[0] == '-' || (text[0] == '+' && i == 0)) {
			i += shell_among(text, options);
			continue;
		}
		if (n-- == 0)
			return i;
	}
	return w->count;
}

const char *
words_verb(const struct words *w, size_t n)
{
	size_t at = words_at(w, n);
	return at < w->count && w->items[at] != NULL ? w->items[at] : "";
}

const char *
words_url(const struct words *w)
{
	for (size_t i = 0; i < w->count; i++) {
		if (w->items[i] != NULL && (dep_is_url(w->items[i]) || dep_starts(w->items[i], "git@")))
			return w->items[i];
	}
	return NULL;
}
