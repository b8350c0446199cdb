/* SPDX-License-Identifier: Apache-2.0 */
/* The line of #!, as Linux reads it (fs/binfmt_script.c), and what env(1) makes of it. */
#include "look.h"

/* Most bytes of a first line that the kernel reads, and that are read here. */
#define LINE_KERNEL 255u
#define LINE_MAX_BYTES 4096u
#define WORDS_MAX 64

static bool
blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static struct assay_span
next_word(struct assay_span *rest)
{
	size_t from = 0, to;
	while (from < rest->len && blank(rest->data[from]))
		from++;
	for (to = from; to < rest->len && !blank(rest->data[to]); to++)
		;
	const struct assay_span word = { rest->data + from, to - from };
	*rest = (struct assay_span){ rest->data + to, rest->len - to };
	return word;
}

static bool
is_env(struct assay_span program)
{
	static const char name[] = "/env";
	const size_t len = sizeof name - 1;
	return program.len >= len && memcmp(program.data + program.len - len, name, len) == 0;
}

/* Passes over env's options and settings; what is left begins with the program. */
static struct assay_span
behind_env(struct assay_span rest)
{
	for (int i = 0; i < WORDS_MAX; i++) {
		struct assay_span after = rest, word = next_word(&after);
		const bool takes = word.len == 2 && word.data[0] == '-' && (word.data[1] == 'u' || word.data[1] == 'C');
		if (word.len >= 2 && word.data[0] == '-' && word.data[1] == 'S') {
			/* "-Sprogram" and "-S program" */
			rest = word.len > 2 ? (struct assay_span){ word.data + 2, (size_t)(rest.data + rest.len - (word.data + 2)) } : after;
			continue;
		}
		if (word.len == 0 || (word.data[0] != '-' && memchr(word.data, '=', word.len) == NULL))
			return rest;
		rest = after;
		if (takes)
			(void)next_word(&rest);
	}
	return (struct assay_span){ NULL, 0 };
}

static const char *
keep(struct look *l, struct assay_span s)
{
	const char *text = arena_copy(l->arena, s);
	l->full = l->full || text == NULL;
	return text == NULL ? "" : text;
}

/* Archives that a script carries behind its last line, to be unpacked by it. */
static void
carried(struct look *l, size_t from)
{
	static const struct {
		const char *magic;
		size_t len;
		enum seal_kind kind;
	} rows[] = {
		{ "\n\x1f\x8b\x08", 4, SEAL_GZIP },
		{ "\n\xfd" "7zXZ", 6, SEAL_XZ },
		{ "\n" "BZh91AY", 8, SEAL_BZIP2 },
		{ "\n\x28\xb5\x2f\xfd", 5, SEAL_ZSTD },
		{ "\n\177ELF", 5, SEAL_ELF_OTHER },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (l->bytes.len > from && memmem(l->bytes.data + from, l->bytes.len - from, rows[i].magic, rows[i].len) != NULL)
			look_set(l, rows[i].kind, SEAL_CUT);
	}
}

static void
note_oddities(struct look *l, struct assay_span line, struct assay_span program, bool ended)
{
	/* The kernel takes 256 bytes with "#!"; more is cut, in the midst of a path or of an argument. */
	if (line.len + 2 > LINE_KERNEL)
		l->out->marks[SEAL_MARK_INTERPRETER_CUT] = true;
	bool odd = program.len == 0 || program.data[0] != '/';
	for (size_t i = 0; i < line.len; i++)
		odd = odd || (line.data[i] < 0x20 && line.data[i] != '\t');
	if (odd)
		l->out->marks[SEAL_MARK_INTERPRETER_ODD] = true;
	if (!ended)
		look_set(l, SEAL_SCRIPT, line.len == LINE_MAX_BYTES ? SEAL_LYING : l->bytes.len < l->file->size ? SEAL_CUT : SEAL_BY_BYTES);
}

void
look_script(struct look *l)
{
	size_t at = 0;
	if (look_is(l, 0, "\xef\xbb\xbf#!", 5)) {
		l->out->marks[SEAL_MARK_BYTE_ORDER_MARK] = true;
		at = 3;
	}
	if (!look_is(l, at, "#!", 2))
		return;
	at += 2;
	const size_t given = l->bytes.len - at, room = given < LINE_MAX_BYTES ? given : LINE_MAX_BYTES;
	const unsigned char *from = l->bytes.data + at, *end = memchr(from, '\n', room);
	const struct assay_span line = { from, end == NULL ? room : (size_t)(end - from) };
	struct assay_span rest = line, program = next_word(&rest), ran = program;
	while (rest.len > 0 && blank(rest.data[0]))
		rest = (struct assay_span){ rest.data + 1, rest.len - 1 };
	if (is_env(program)) {
		struct assay_span behind = behind_env(rest);
		ran = next_word(&behind);
	}
	struct seal_script *s = arena_alloc(l->arena, sizeof *s);
	if (s == NULL) {
		l->full = true;
		return;
	}
	*s = (struct seal_script){ .interpreter = keep(l, program), .arguments = keep(l, rest), .program = keep(l, ran) };
	l->out->script = s;
	look_set(l, SEAL_SCRIPT, SEAL_BY_BYTES);
	note_oddities(l, line, program, end != NULL);
	carried(l, at + line.len);
}
