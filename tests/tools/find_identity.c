/* SPDX-License-Identifier: Apache-2.0 */
/*
 * find-identity [-e ENGINES] [-c first|later|none] [-w N] PATH=FILE...: takes each comment "@NAME RULE" of the files for a place that
 * engines report, merges the reports, and prints a line a finding: IDENTITY ENGINES RULE PATH SYMBOL NAME[,NAME...]. Engines are parted
 * by commas (gcc,cppcheck); "later" has all but the first report a column further on in the statement, "none" only lines; -w changes
 * their words.
 */
#include <base/cleanup.h>
#include <base/file.h>
#include <fcntl.h>
#include <sca/finding.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARENA_MAX ((size_t)1 << 30)
#define SEEN_MOST 100000
#define ENGINES_MOST 8

struct options {
	const char *engines[ENGINES_MOST];
	size_t engine_count;
	char columns; /* of "first", "later", "none" */
	const char *words;
};

struct collected {
	struct arena *arena;
	struct sca_seen *seen;
	size_t count;
	const struct options *o;
};

static void
die(const char *what, const char *why)
{
	(void)fprintf(stderr, "find-identity: %s: %s\n", what, why);
	exit(2);
}

static void
add(struct collected *c, const char *path, const char *name, const char *rule, unsigned line, unsigned column,
    const struct code_statements *s)
{
	for (size_t i = 0; i < c->o->engine_count; i++) {
		if (c->count == SEEN_MOST)
			die(path, "too many places");
		const char *engine = c->o->engines[i];
		const unsigned shown = c->o->columns == 'n' ? 0 : column + (c->o->columns == 'l' && i > 0);
		const struct code_place *place = code_place_at(s, line, shown);
		struct sca_seen *seen = &c->seen[c->count++];
		*seen = (struct sca_seen){ .engine = engine, .rule = rule, .path = path, .line = line, .column = shown,
			.check = arena_printf(c->arena, "%s/%s", engine, rule), .severity = SEVERITY_MEDIUM,
			.message = arena_printf(c->arena, "%s %s %s", name, engine, c->o->words), .placed = place != NULL };
		if (place != NULL)
			seen->place = *place;
	}
}

/* It is about the token behind it, which may be one of a preprocessor line. */
static void
take_comment(struct collected *c, const char *path, const struct code_tokens *t, const struct code_token *comment,
    const struct code_statements *s)
{
	char text[256], name[64], rule[64];
	(void)code_spelling(t, comment, text, sizeof text);
	if (sscanf(text, "/*@%63s %63[^ *]", name, rule) != 2)
		return;
	const struct code_token *at = &t->tokens[code_token_from(t, comment->at)];
	for (uint32_t i = 0; i < t->word_count; i++) {
		if (t->words[i].at > comment->at && t->words[i].at < at->at)
			at = &t->words[i];
	}
	add(c, path, arena_str(c->arena, name), arena_str(c->arena, rule), at->line, code_column(t, at), s);
}

static void
take_file(struct collected *c, char *argument)
{
	char *file = strchr(argument, '=');
	struct buf bytes = BUF_INIT(CODE_SIZE_MAX);
	struct assay_error err = { 0 };
	struct code_tokens t;
	struct code_statements s;
	if (file == NULL)
		die(argument, "wanted: PATH=FILE");
	*file++ = '\0';
	if (file_read(AT_FDCWD, file, &bytes, &err) != ASSAY_OK || code_lex(buf_span(&bytes), CODE_C, c->arena, &t, &err) != ASSAY_OK
	    || code_statements_of(&t, c->arena, &s, &err) != ASSAY_OK)
		die(file, err.what);
	buf_done(&bytes);
	for (uint32_t i = 0; i < t.comment_count; i++)
		take_comment(c, argument, &t, &t.comments[i], &s);
}

static void
print(const struct sca_findings *found)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct sca_finding *f = &found->items[i];
		printf("%s %u %s %s %s ", f->identity, f->engines, f->rule, f->path, f->symbol[0] == '\0' ? "-" : f->symbol);
		for (size_t k = 0; k < f->report_count; k++)
			printf("%s%.*s", k > 0 ? "," : "", (int)strcspn(f->reports[k]->message, " "), f->reports[k]->message);
		printf("\n");
	}
}

int
main(int argc, char **argv)
{
	struct options o = { .engines = { "gcc" }, .engine_count = 1, .columns = 'f', .words = "says so" };
	struct collected c = { .o = &o };
	struct sca_findings found;
	struct assay_error err = { 0 };
	int option;
	while ((option = getopt(argc, argv, "e:c:w:")) >= 0) {
		if (option == 'e') {
			o.engine_count = 0;
			for (char *rest = optarg, *one; (one = strsep(&rest, ",")) != NULL && o.engine_count < ENGINES_MOST;)
				o.engines[o.engine_count++] = one;
		} else if (option == 'c') {
			o.columns = optarg[0];
		} else {
			o.words = optarg;
		}
	}
	if (arena_new(ARENA_MAX, &c.arena) != ASSAY_OK || (c.seen = arena_array(c.arena, SEEN_MOST, sizeof *c.seen)) == NULL)
		die("arena", "no memory");
	for (int i = optind; i < argc; i++)
		take_file(&c, argv[i]);
	if (sca_merge(c.seen, c.count, c.arena, &found, &err) != ASSAY_OK)
		die("merge", err.what);
	print(&found);
	arena_free(&c.arena);
	return 0;
}
