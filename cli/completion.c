/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shell completion out of the verb and option tables.
 */
#include "cli.h"

#include <string.h>

static void
each_option(struct buf *out, const struct cli_verb *verb,
    void (*row)(struct buf *out, const struct cli_verb *verb, const struct cli_option *option))
{
	for (size_t i = 0; i < verb->option_count; i++)
		row(out, verb, &verb->options[i]);
	for (size_t i = 0; i < cli_common_count; i++)
		row(out, verb, &cli_common[i]);
}

static void
bash_word(struct buf *out, const struct cli_verb *verb, const struct cli_option *option)
{
	(void)verb;
	buf_addf(out, " --%s", option->name);
}

static void
bash(struct buf *out)
{
	buf_add_str(out, "# bash completion for assay\n_assay() {\n"
			 "\tlocal cur=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]}\n"
			 "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tCOMPREPLY=($(compgen -W \"");
	for (size_t i = 0; i < cli_verb_count; i++)
		buf_addf(out, "%s%s", i ? " " : "", cli_verbs[i].name);
	buf_add_str(out, "\" -- \"$cur\"))\n\t\treturn\n\tfi\n\tcase $verb in\n");
	for (size_t i = 0; i < cli_verb_count; i++) {
		buf_addf(out, "\t%s) words=\"", cli_verbs[i].name);
		if (cli_verbs[i].words != NULL)
			buf_add_str(out, cli_verbs[i].words);
		each_option(out, &cli_verbs[i], bash_word);
		buf_add_str(out, "\" ;;\n");
	}
	buf_add_str(out, "\t*) words= ;;\n\tesac\n"
			 "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
			 "\t[ ${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- \"$cur\"))\n}\n"
			 "complete -o filenames -F _assay assay\n");
}

/* A single-quoted shell word's inside: quotes leave and return. */
static void
quoted(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			buf_add_str(out, "'\\''");
		else
			buf_add_byte(out, (unsigned char)*text);
	}
}

static void
zsh_row(struct buf *out, const struct cli_verb *verb, const struct cli_option *option)
{
	(void)verb;
	buf_addf(out, " '--%s[", option->name);
	for (const char *p = option->help; *p != '\0'; p++) {
		if (*p == '[' || *p == ']' || *p == ':')
			buf_add_byte(out, '\\');
		char one[2] = { *p, '\0' };
		quoted(out, one);
	}
	buf_add_str(out, "]");
	if (option->argument != NULL) {
		const char *complete = option->complete == NULL ? "" : option->complete;
		bool files = strcmp(complete, "file") == 0 || strcmp(complete, "dir") == 0;
		buf_addf(out, ":%s:", option->argument);
		if (files)
			buf_addf(out, "_files%s", strcmp(complete, "dir") == 0 ? " -/" : "");
		else if (complete[0] != '\0')
			buf_addf(out, "(%s)", complete);
	}
	buf_add_str(out, "'");
}

static void
zsh(struct buf *out)
{
	buf_add_str(out, "#compdef assay\n_assay() {\n\tlocal -a verbs\n\tverbs=(\n");
	for (size_t i = 0; i < cli_verb_count; i++) {
		buf_addf(out, "\t\t'%s:", cli_verbs[i].name);
		quoted(out, cli_verbs[i].summary);
		buf_add_str(out, "'\n");
	}
	buf_add_str(out, "\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe verb verbs\n\t\treturn\n\tfi\n"
			 "\tlocal verb=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n\tcase $verb in\n");
	for (size_t i = 0; i < cli_verb_count; i++) {
		buf_addf(out, "\t%s) _arguments", cli_verbs[i].name);
		each_option(out, &cli_verbs[i], zsh_row);
		if (cli_verbs[i].words != NULL)
			buf_addf(out, " '1:word:(%s)'", cli_verbs[i].words);
		buf_add_str(out, " '*:file:_files' ;;\n");
	}
	buf_add_str(out, "\tesac\n}\n_assay \"$@\"\n");
}

static void
fish_row(struct buf *out, const struct cli_verb *verb, const struct cli_option *option)
{
	buf_addf(out, "complete -c assay -n '__fish_seen_subcommand_from %s' -l %s", verb->name,
	    option->name);
	if (option->letter != 0)
		buf_addf(out, " -s %c", option->letter);
	if (option->argument != NULL)
		buf_add_str(out, " -r");
	buf_add_str(out, " -d '");
	for (const char *p = option->help; *p != '\0'; p++) {
		if (*p == '\'' || *p == '\\')
			buf_add_byte(out, '\\');
		buf_add_byte(out, (unsigned char)*p);
	}
	buf_add_str(out, "'\n");
}

static void
fish(struct buf *out)
{
	buf_add_str(out, "# fish completion for assay\n");
	for (size_t i = 0; i < cli_verb_count; i++) {
		buf_addf(out, "complete -c assay -f -n __fish_use_subcommand -a %s -d '",
		    cli_verbs[i].name);
		quoted(out, cli_verbs[i].summary);
		buf_add_str(out, "'\n");
		each_option(out, &cli_verbs[i], fish_row);
		if (cli_verbs[i].words != NULL)
			buf_addf(out,
			    "complete -c assay -f -n '__fish_seen_subcommand_from %s' -a '%s'\n",
			    cli_verbs[i].name, cli_verbs[i].words);
	}
}

enum assay_status
cli_completion(const char *shell, struct buf *out, struct assay_error *err)
{
	static const struct {
		const char *name;
		void (*write)(struct buf *out);
	} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };
	for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
		if (strcmp(shell, shells[i].name) == 0) {
			shells[i].write(out);
			return buf_status(out, "completion", err);
		}
	}
	(void)assay_fail(err, ASSAY_E_USAGE, "no completion for '%s'", shell);
	return assay_error_todo(err, ASSAY_E_USAGE, "take bash, zsh or fish");
}

int
verb_completion(struct cli *cli, struct assay_error *err)
{
	struct buf out = BUF_INIT(1u << 20);
	enum assay_status status = cli_completion(cli->args[0], &out, err);
	if (status == ASSAY_OK)
		status = cli_print(&out, err);
	buf_done(&out);
	return status == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
