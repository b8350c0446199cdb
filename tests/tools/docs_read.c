/* SPDX-License-Identifier: Apache-2.0 */
/*
 * docs-read [--german] FILE: what is read in a document, one line each:
 *
 *   sentence LINE COLUMN KIND obliges|- MARKS TEXT
 *   mark     LINE COLUMN SENTENCE WORDS
 *   note     LINE KIND WHAT
 *
 * docs-read --oblige: "1" or "0" for each line of standard input. Exit 1: the document can't be read, with the reason.
 */
#include <base/cleanup.h>
#include <base/file.h>
#include <docs/sentences.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = { "paragraph", "heading", "item", "cell", "code" };
static const char *const notes[] = { "unread", "hidden", "macro", "external", "revised" };

static int
oblige(void)
{
	char line[8192];
	while (fgets(line, sizeof line, stdin) != NULL)
		(void)printf("%d\n", docs_obliges(line, strcspn(line, "\n")));
	return 0;
}

static void
print(const struct docs_document *d, const struct docs_sentences *all)
{
	for (size_t i = 0; i < all->count; i++)
		(void)printf("sentence\t%u\t%u\t%s\t%s\t%zu\t%s\n", all->items[i].line, all->items[i].column,
		    kinds[all->items[i].kind], all->items[i].obliges ? "obliges" : "-", all->items[i].mark_count,
		    all->items[i].text);
	for (size_t i = 0; i < all->mark_count; i++) {
		const struct docs_mark *m = &all->marks[i];
		(void)printf("mark\t%u\t%u\t%zd\t", m->line, m->column, (ssize_t)m->sentence);
		for (size_t k = 0; k < m->word_count; k++)
			(void)printf("%s%s", k > 0 ? " " : "", m->words[k]);
		(void)printf("\n");
	}
	for (size_t i = 0; i < d->note_count; i++)
		(void)printf("note\t%u\t%s\t%s\n", d->notes[i].line, notes[d->notes[i].kind], d->notes[i].what);
}

static enum assay_status
read_one(const char *path, bool german, struct arena *arena, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(16u << 20);
	struct docs_document d;
	struct docs_sentences all;
	TRY(file_read(AT_FDCWD, path, &bytes, err));
	TRY(docs_read(path, buf_span(&bytes), arena, &d, err));
	TRY(docs_sentences(&d, german, arena, &all, err));
	print(&d, &all);
	return ASSAY_OK;
}

int
main(int argc, char **argv)
{
	struct assay_error err = { 0 };
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (argc == 2 && strcmp(argv[1], "--oblige") == 0)
		return oblige();
	if (argc < 2 || arena_new(256u << 20, &arena) != ASSAY_OK)
		return 2;
	if (read_one(argv[argc - 1], argc > 2, arena, &err) == ASSAY_OK)
		return 0;
	(void)fprintf(stderr, "%s\n", err.what);
	return 1;
}
