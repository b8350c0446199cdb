/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options by table over getopt_long, and the help that comes out of the table.
 */
#include "cli.h"

#include <base/text.h>
#include <getopt.h>
#include <string.h>

#define OPTIONS_MAX 32
/* Long options without a letter get numbers above all characters. */
#define LONG_BASE 1000

struct merged {
	const struct cli_option *rows[OPTIONS_MAX];
	size_t count;
	struct option longs[OPTIONS_MAX + 1];
	char shorts[2 * OPTIONS_MAX + 2];
};

static void
merge_rows(struct merged *m, const struct cli_option *rows, size_t count)
{
	for (size_t i = 0; i < count && m->count < OPTIONS_MAX; i++) {
		size_t at = m->count++;
		m->rows[at] = &rows[i];
		m->longs[at] = (struct option){ rows[i].name,
			rows[i].argument == NULL ? no_argument : required_argument, NULL,
			LONG_BASE + (int)at };
		if (rows[i].letter == 0)
			continue;
		size_t end = strlen(m->shorts);
		m->shorts[end] = rows[i].letter;
		if (rows[i].argument != NULL)
			m->shorts[end + 1] = ':';
	}
}

static void
merge(struct merged *m, const struct cli_verb *verb)
{
	*m = (struct merged){ .shorts = ":" };
	merge_rows(m, verb->options, verb->option_count);
	merge_rows(m, cli_common, cli_common_count);
}

static const struct cli_option *
find_row(const struct merged *m, int code)
{
	if (code >= LONG_BASE && (size_t)(code - LONG_BASE) < m->count)
		return m->rows[code - LONG_BASE];
	for (size_t i = 0; i < m->count; i++) {
		if (m->rows[i]->letter != 0 && m->rows[i]->letter == code)
			return m->rows[i];
	}
	return NULL;
}

static enum assay_status
store(struct cli *cli, const struct cli_option *row, const char *value, struct assay_error *err)
{
	char *where = (char *)cli + row->offset;
	switch (row->kind) {
	case CLI_FLAG:
		*(bool *)(void *)where = true;
		return ASSAY_OK;
	case CLI_TEXT:
		*(const char **)(void *)where = value;
		return ASSAY_OK;
	case CLI_LIST: {
		struct cli_list *list = (struct cli_list *)(void *)where;
		if (list->count == CLI_LIST_MAX)
			return assay_fail(err, ASSAY_E_USAGE, "'--%s' is given more than %d times",
			    row->name, CLI_LIST_MAX);
		list->items[list->count++] = value;
		return ASSAY_OK;
	}
	case CLI_NUMBER:
		if (text_to_u64(assay_span_str(value), (uint64_t *)(void *)where) != ASSAY_OK)
			return assay_fail(err, ASSAY_E_USAGE, "'--%s' wants a whole number, not '%s'",
			    row->name, value);
		if (row->seen_offset != 0)
			*(bool *)(void *)((char *)cli + row->seen_offset) = true;
		return ASSAY_OK;
	}
	return assay_fail(err, ASSAY_E_INTERNAL, "option '--%s' has no kind", row->name);
}

static enum assay_status
unknown_option(const struct cli_verb *verb, const struct merged *m, const char *given,
    struct assay_error *err)
{
	const char *names[OPTIONS_MAX];
	for (size_t i = 0; i < m->count; i++)
		names[i] = m->rows[i]->name;
	const char *word = given + strspn(given, "-");
	const char *near = text_nearest(word, names, m->count);
	(void)assay_fail(err, ASSAY_E_USAGE, "'assay %s' has no option '%s'", verb->name, given);
	if (near != NULL)
		return assay_error_todo(err, ASSAY_E_USAGE, "did you mean '--%s'?", near);
	return assay_error_todo(err, ASSAY_E_USAGE, "see 'assay %s --help'", verb->name);
}

/* What getopt refused, a letter or a word. It moves arguments, so that the place where it began says nothing. */
static const char *
refused(char *const *argv, char room[3])
{
	if (optopt <= 0 || optopt >= LONG_BASE)
		return argv[optind - 1];
	room[0] = '-';
	room[1] = (char)optopt;
	room[2] = '\0';
	return room;
}

static enum assay_status
check_arguments(const struct cli_verb *verb, const struct cli *cli, struct assay_error *err)
{
	if (cli->help || (cli->arg_count >= verb->least && cli->arg_count <= verb->most))
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "'assay %s' wants %s", verb->name,
	    verb->most == 0 ? "no argument" : verb->synopsis);
	return assay_error_todo(err, ASSAY_E_USAGE, "see 'assay %s --help'", verb->name);
}

enum assay_status
cli_parse(const struct cli_verb *verb, int argc, char **argv, struct cli *cli,
    struct assay_error *err)
{
	struct merged m;
	merge(&m, verb);
	optind = 1;
	opterr = 0;
	for (;;) {
		char letter[3];
		int code = getopt_long(argc, argv, m.shorts, m.longs, NULL);
		if (code == -1)
			break;
		if (code == ':')
			return assay_fail(err, ASSAY_E_USAGE, "'%s' wants a value", argv[optind - 1]);
		const struct cli_option *row = find_row(&m, code);
		if (row == NULL)
			return unknown_option(verb, &m, refused(argv, letter), err);
		enum assay_status status = store(cli, row, optarg, err);
		if (status != ASSAY_OK)
			return status;
	}
	cli->args = (const char *const *)argv + optind;
	cli->arg_count = (size_t)(argc - optind);
	return check_arguments(verb, cli, err);
}

static void
help_rows(struct buf *out, const struct cli_option *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char left[64];
		(void)snprintf(left, sizeof left, "%c%c%s --%s%s%s", rows[i].letter ? '-' : ' ',
		    rows[i].letter ? rows[i].letter : ' ', rows[i].letter ? "," : " ", rows[i].name,
		    rows[i].argument ? " " : "", rows[i].argument ? rows[i].argument : "");
		buf_addf(out, "  %-28s  %s\n", left, rows[i].help);
	}
}

void
cli_help(const struct cli_verb *verb, struct buf *out)
{
	buf_addf(out, "usage: assay %s [options] %s\n\n%s\n\n", verb->name, verb->synopsis,
	    verb->summary);
	help_rows(out, verb->options, verb->option_count);
	help_rows(out, cli_common, cli_common_count);
	buf_addf(out, "\nexit status: 0 no gap, 1 gap, 2 usage or bad policy file, 3 could not be "
		      "evaluated, 4 internal error\nmore: man assay-%s\n", verb->name);
}

void
cli_overview(struct buf *out)
{
	buf_add_str(out, "usage: assay VERB [options] [arguments]\n\n"
			 "Shows that a development environment, code and releases are protected as IEC "
			 "81001-5-1 asks,\nand packs the evidence so that anyone can judge again.\n\n");
	for (size_t i = 0; i < cli_verb_count; i++)
		buf_addf(out, "  %-12s %s\n", cli_verbs[i].name, cli_verbs[i].summary);
	buf_add_str(out, "\nstart with:  assay init    then:  assay check\n"
			 "each verb has --help and a man page; 'assay --version' prints the version\n");
}
