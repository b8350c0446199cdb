/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's instructions of a release, which are Markdown: the blocks in fences, line by line, and what stands between them. What a
 * block holds is for the shell, codec/shell.h.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdbool.h>

#define SEAL_INSTRUCTIONS_BLOCKS_MAX 64u
#define SEAL_INSTRUCTIONS_LINES_MAX 20000u

enum seal_block_kind {
	SEAL_BLOCK_COMMANDS, /* "sh", "bash", "shell"; and of "console" the lines behind "$ " or "# " */
	SEAL_BLOCK_OTHER,    /* of a language that is only read, such as "text" */
	SEAL_BLOCK_UNNAMED,  /* of none, or of another: whether it is to be typed can't be told */
};

struct seal_block {
	enum seal_block_kind kind;
	const char *text; /* lines that are no commands are empty in it, so that they count */
	unsigned line;    /* of the document, from 1, of text's first one */
};

/* A line between the blocks. */
struct seal_prose {
	struct assay_span text; /* without its end */
	unsigned line;
};

/* What readers see in another way than it is read here, by the rules of CommonMark. */
enum seal_note_kind {
	SEAL_NOTE_CODE,       /* indented so far that it is shown as a block, which has no name */
	SEAL_NOTE_FENCE,      /* a fence behind the mark of a list or quotation, or too far in to be one */
	SEAL_NOTE_END,        /* a line of a block that may end it, or stand behind its end */
	SEAL_NOTE_PROMPT,     /* a line of a session that may be a command behind another prompt */
	SEAL_NOTE_DEFINITION, /* of a link: it isn't shown, nor is what follows up to an empty line */
	SEAL_NOTE_INFO,       /* what stands behind a fence, which isn't shown */
};

struct seal_note {
	enum seal_note_kind kind;
	struct assay_span text;
	unsigned line;
};

struct seal_instructions {
	struct seal_block *blocks;
	size_t block_count;
	struct seal_prose *prose;
	size_t prose_count;
	struct seal_note *notes;
	size_t note_count;
};

/*
 * ASSAY_E_FORMAT with its line for what isn't UTF-8, has control characters or a fence without an end, ASSAY_E_LIMIT over a cap. bytes must stay as long
 * as the arena.
 */
ASSAY_MUST_USE enum assay_status seal_instructions_read(struct assay_span bytes, const char *name, struct arena *arena,
    struct seal_instructions *ret_instructions, struct assay_error *err);
